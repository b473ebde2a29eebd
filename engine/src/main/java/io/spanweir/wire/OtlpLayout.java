package io.spanweir.wire;

/** The four levels of a request, which are alike for all signals: list of resources, resource, scope, item. */
public final class OtlpLayout {
    /** The list of a request. */
    public static final int LIST_TAG = 1 << 3 | WireType.LENGTH;

    /** The resource or the scope. */
    static final int HEAD_TAG = 1 << 3 | WireType.LENGTH;

    /** The scopes of a resource, the items of a scope. */
    public static final int NESTED_TAG = 2 << 3 | WireType.LENGTH;

    private static final OtlpLayout TRACES = new OtlpLayout(
            OtlpSchema.TRACE_REQUEST, OtlpSchema.RESOURCE_SPANS, OtlpSchema.SCOPE_SPANS, OtlpSchema.SPAN);
    private static final OtlpLayout LOGS = new OtlpLayout(
            OtlpSchema.LOGS_REQUEST, OtlpSchema.RESOURCE_LOGS, OtlpSchema.SCOPE_LOGS, OtlpSchema.LOG_RECORD);
    private static final OtlpLayout METRICS = new OtlpLayout(
            OtlpSchema.METRICS_REQUEST, OtlpSchema.RESOURCE_METRICS, OtlpSchema.SCOPE_METRICS, OtlpSchema.METRIC);

    final OtlpTable request;
    final OtlpTable resource;
    final OtlpTable scope;
    final OtlpTable item;

    private OtlpLayout(
            OtlpSchema.Message request,
            OtlpSchema.Message resource,
            OtlpSchema.Message scope,
            OtlpSchema.Message item) {
        this.request = OtlpTable.of(request);
        this.resource = OtlpTable.of(resource);
        this.scope = OtlpTable.of(scope);
        this.item = OtlpTable.of(item);
    }

    static OtlpLayout of(Signal signal) {
        switch (signal) {
            case TRACES -> {
                return TRACES;
            }
            case LOGS -> {
                return LOGS;
            }
            case METRICS -> {
                return METRICS;
            }
        }
        throw new IllegalStateException(signal.name());
    }
}
