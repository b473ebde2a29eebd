package io.spanweir.connector.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.component.ComponentFactory;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.wire.Signal;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ProcessorsModuleTest {
    @Test
    void componentsAreFoundOnTheClassPath() {
        assertThat(ServiceLoader.load(ProcessorFactory.class))
                .extracting(ComponentFactory::type)
                .contains("attributes", "batch", "memory_limiter", "resource", "tail_sampling");
        assertThat(ServiceLoader.load(ConnectorFactory.class))
                .extracting(ComponentFactory::type)
                .contains("forward", "nop");
    }

    @Test
    void forwardJoinsPipelinesOfOneSignalOnly() {
        ConnectorFactory forward = new ForwardConnectorFactory();
        for (Signal from : Signal.values()) {
            for (Signal to : Signal.values()) {
                assertThat(forward.connects(from, to)).isEqualTo(from == to);
            }
        }
    }
}
