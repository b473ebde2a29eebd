package io.spanweir.processor.memorylimiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryLimiterProcessorConfigTest {
    private static final long MACHINE_BYTES = 8L << 30;

    private final Problems problems = new Problems();

    private MemoryLimiterProcessorConfig decode(String yaml) {
        return ConfigNode.parse("t.yaml", yaml, problems).decode(MemoryLimiterProcessorConfig::decode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{limit_mib: 512} | 536870912",
                "{limit_percentage: 25} | 2147483648",
                "{limit_mib: 512, limit_percentage: 25} | 536870912"
            })
    void limitIsThatOfTheEngine(String yaml, long bytes) {
        assertThat(decode(yaml).limitBytes(MACHINE_BYTES)).isEqualTo(bytes);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void optionsOfChecksAreAcceptedWithAWarningEach() {
        decode("{check_interval: 1s, limit_mib: 512, spike_limit_mib: 100, min_gc_interval_when_soft_limited: 10s}");
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | limit_mib and limit_percentage are both absent or 0; set one of them",
                "{limit_mib: 100, spike_limit_mib: 100} | spike_limit_mib: 100 is not below limit_mib (100)",
                "{limit_percentage: 20, spike_limit_percentage: 30} | spike_limit_percentage: 30.0 is not below"
                        + " limit_percentage (20.0)",
                "{limit_mib: 1, check_interval: soon} | check_interval: \"soon\" is no duration; write one such as"
                        + " \"30s\" or \"1m30s\" (ms, s, m, h)"
            })
    void mistakeIsNamed(String yaml, String message) {
        decode(yaml);
        assertThat(problems.errors()).as(problems.toString()).hasSize(1);
        assertThat(problems.errors().get(0).toString()).endsWith(message);
    }
}
