package io.spanweir.component;

import io.spanweir.storage.Disk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;

/** What the engine hands an exporter. Threading: any thread. */
public interface ExporterContext {
    ComponentId id();

    Clock clock();

    /** The only way to files. */
    Disk disk();

    MetricRegistry metrics();
}
