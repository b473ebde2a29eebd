package io.spanweir.exporter.nop;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code nop}. */
public final class NopExporterFactory implements ExporterFactory {
    @Override
    public String type() {
        return "nop";
    }

    @Override
    public Stability stability() {
        return Stability.BETA;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ExporterConfig decode(ConfigNode yaml) {
        return new NopConfig(yaml.record("sending_queue", SendingQueueConfig::decode));
    }

    /** {@code exporters: nop}. */
    private record NopConfig(SendingQueueConfig sendingQueue) implements ExporterConfig {
        @Override
        public RetryConfig retryOnFailure() {
            return RetryConfig.OFF;
        }

        @Override
        public Exporter build(ExporterContext context) {
            return (request, callback) -> callback.done(SendOutcome.sent());
        }
    }
}
