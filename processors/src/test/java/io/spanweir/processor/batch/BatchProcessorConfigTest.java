package io.spanweir.processor.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.component.ExportBatchSettings;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchProcessorConfigTest {
    private final Problems problems = new Problems();

    private BatchProcessorConfig decode(String yaml) {
        return ConfigNode.parse("t.yaml", yaml, problems).decode(BatchProcessorConfig::decode);
    }

    @Test
    void defaultsAreTheCollectors() {
        assertThat(decode("")).isEqualTo(new BatchProcessorConfig(8192, 0, Duration.ofMillis(200), List.of()));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void optionsBecomeTheSettingsOfTheExportersRequests() {
        ExportBatchSettings settings =
                decode("{send_batch_size: 10, send_batch_max_size: 20, timeout: 5s, metadata_keys: [X-Scope-OrgID]}");
        assertThat(problems.list()).isEmpty();
        assertThat(settings.minItems()).isEqualTo(10);
        assertThat(settings.maxItems()).isEqualTo(20);
        assertThat(settings.flushTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.metadataKeys()).containsExactly("X-Scope-OrgID");
    }

    @Test
    void cardinalityLimitIsWarnedAbout() {
        decode("metadata_cardinality_limit: 1000");
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{send_batch_size: 10, send_batch_max_size: 9} | send_batch_max_size: 9 is less than send_batch_size (10); raise"
                        + " it, or write 0 for no limit",
                "{metadata_keys: [a, A]} | metadata_keys: has \"A\" twice; case does not count",
                "{timeout: -1s} | timeout: \"-1s\" is too small; write 0s or more",
                "{send_batch_sise: 1} | send_batch_sise: unknown option; did you mean \"send_batch_size\"?"
            })
    void mistakeIsNamed(String yaml, String message) {
        decode(yaml);
        assertThat(problems.errors()).hasSize(1);
        assertThat(problems.toString()).endsWith(message);
    }
}
