package io.spanweir.component;

import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import java.net.InetSocketAddress;

/** What the engine hands an extension. Threading: any thread. */
public interface ExtensionContext {
    ComponentId id();

    Clock clock();

    MetricRegistry metrics();

    EngineStatus status();

    /** Says where the extension really listens. */
    void listening(String what, InetSocketAddress address);
}
