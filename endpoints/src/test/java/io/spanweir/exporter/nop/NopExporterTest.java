package io.spanweir.exporter.nop;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ExporterHarness;
import org.junit.jupiter.api.Test;

class NopExporterTest {
    @Test
    void everythingIsTaken() throws Exception {
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(getClass(), "any"));
        try (ExporterHarness exporter = ExporterHarness.start(new NopExporterFactory(), "")) {
            assertThat(exporter.send(ExporterHarness.request(generator.traces(), 100)))
                    .isEqualTo(SendOutcome.sent());
        }
    }

    @Test
    void onlyTheQueueHasOptions() {
        assertThat(ExporterHarness.problems(new NopExporterFactory(), "sending_queue: {queue_size: 5}\nendpoint: x:1"))
                .singleElement()
                .asString()
                .startsWith("endpoint: unknown option");
    }
}
