package io.spanweir.component;

/** The options of an exporter. Immutable. */
public interface ExporterConfig {
    /** One instance serves all pipelines and lanes. */
    Exporter build(ExporterContext context);

    /** The queue before it. */
    SendingQueueConfig sendingQueue();

    RetryConfig retryOnFailure();
}
