package io.spanweir.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.component.SendingQueueConfig.Sizer;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SendingQueueConfigTest {
    private final Problems problems = new Problems();

    private SendingQueueConfig decode(String yaml) {
        return ConfigNode.parse("q.yaml", yaml, problems).decode(SendingQueueConfig::decode);
    }

    @Test
    void defaultsAreTheCollectors() {
        SendingQueueConfig config = decode("batch:");
        assertThat(problems.list()).isEmpty();
        assertThat(config.withBatch(null)).isEqualTo(SendingQueueConfig.DEFAULT);
        assertThat(config.batch().flushTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.batch().minSize()).isEqualTo(8192);
        assertThat(config.batch().sizer()).isEqualTo(Sizer.ITEMS);
    }

    static Stream<Arguments> remarks() {
        return Stream.of(
                argumentSet("storage", "storage: file_storage", "storage: is not available, queues are in memory"),
                argumentSet("a batch by requests", "batch: {sizer: requests}", "batch.sizer: \"requests\""),
                argumentSet(
                        "a batch while off",
                        "{enabled: false, batch: }",
                        "batch: has no effect while enabled is false"),
                argumentSet(
                        "waiting while off",
                        "{enabled: false, wait_for_result: true}",
                        "wait_for_result: has no effect while enabled is false"),
                argumentSet(
                        "a batch larger than the queue",
                        "{sizer: items, queue_size: 10, batch: {min_size: 11}}",
                        "batch: min_size 11 is larger than queue_size 10"),
                argumentSet(
                        "a maximum below the minimum",
                        "batch: {min_size: 10, max_size: 5}",
                        "batch.max_size: 5 is smaller than min_size 10"));
    }

    @ParameterizedTest
    @MethodSource("remarks")
    void whatDoesNotFitIsSaidAtItsPlace(String yaml, String message) {
        decode(yaml);
        assertThat(problems.list()).extracting(Problem::toString).anyMatch(text -> text.contains(message));
    }
}
