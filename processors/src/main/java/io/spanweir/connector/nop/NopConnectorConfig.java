package io.spanweir.connector.nop;

import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ConnectorContext;
import io.spanweir.data.PartConsumer;

/** {@code connectors: nop}; it has no options. */
record NopConnectorConfig() implements ConnectorConfig {
    @Override
    public PartConsumer build(ConnectorContext context) {
        return part -> {};
    }
}
