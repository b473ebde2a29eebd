package io.spanweir.connector.forward;

import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ConnectorContext;
import io.spanweir.data.PartConsumer;

/** {@code connectors: forward}; it has no options. */
record ForwardConnectorConfig() implements ConnectorConfig {
    @Override
    public PartConsumer build(ConnectorContext context) {
        return context.next(context.signal());
    }
}
