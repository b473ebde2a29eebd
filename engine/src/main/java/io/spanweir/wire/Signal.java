package io.spanweir.wire;

/** The kinds of telemetry that a message carries. */
public enum Signal {
    TRACES("traces", "spans", "spans", OtlpSchema.TRACE_REQUEST),
    METRICS("metrics", "metric_points", "data points", OtlpSchema.METRICS_REQUEST),
    LOGS("logs", "log_records", "log records", OtlpSchema.LOGS_REQUEST);

    private final String pipelineName;
    private final String itemsName;
    private final String items;

    @SuppressWarnings("ImmutableEnumChecker") // filled once, in the initialiser of OtlpSchema
    private final OtlpSchema.Message request;

    Signal(String pipelineName, String itemsName, String items, OtlpSchema.Message request) {
        this.pipelineName = pipelineName;
        this.itemsName = itemsName;
        this.items = items;
        this.request = request;
    }

    /** As in {@code service.pipelines}: {@code traces}, {@code metrics}, {@code logs}. */
    public String pipelineName() {
        return pipelineName;
    }

    /** As in metric names: {@code spans}, {@code metric_points}, {@code log_records}. */
    public String itemsName() {
        return itemsName;
    }

    /** What is counted, for people: {@code spans}, {@code data points}, {@code log records}. */
    public String items() {
        return items;
    }

    /** The export request of this signal. */
    public OtlpSchema.Message request() {
        return request;
    }
}
