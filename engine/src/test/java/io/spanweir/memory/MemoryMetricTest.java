package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.telemetry.PrometheusText;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryMetricTest {
    @Test
    void aScrapeShowsUseAndCapacityByPart() {
        MetricRegistry registry = new MetricRegistry();
        Budget held = new Budget("held", 100);
        Pressure pressure = new Pressure(List.of(held));
        MemoryMetric.register(registry, held);
        MemoryMetric.register(registry, new Budget("transit", 50));
        MemoryMetric.register(registry, pressure);
        held.tryTake(95);
        pressure.advance(0);
        assertThat(new PrometheusText(true, true).write(registry))
                .contains("spanweir_memory_used_bytes{part=\"held\"} 95\n")
                .contains("spanweir_memory_used_bytes{part=\"transit\"} 0\n")
                .contains("spanweir_memory_capacity_bytes{part=\"transit\"} 50\n")
                .contains("spanweir_memory_refusing 1\n");
    }
}
