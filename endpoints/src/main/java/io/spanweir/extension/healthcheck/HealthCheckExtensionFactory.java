package io.spanweir.extension.healthcheck;

import io.spanweir.component.ExtensionConfig;
import io.spanweir.component.ExtensionFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.Set;

/** {@code health_check}. */
public final class HealthCheckExtensionFactory implements ExtensionFactory {
    @Override
    public String type() {
        return "health_check";
    }

    @Override
    public Stability stability() {
        return Stability.BETA;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of();
    }

    @Override
    public ExtensionConfig decode(ConfigNode yaml) {
        return HealthCheckConfig.decode(yaml);
    }
}
