package io.spanweir.wire;

/**
 * Tags of OTLP: {@code field number << 3 | wire type}, for code that treats a field by hand. A repeated number has the tag
 * of its unpacked form here. Source: opentelemetry-proto 1.11.0.
 */
public final class OtlpFields {
    // KeyValue
    public static final int KEY_VALUE_KEY = 1 << 3 | WireType.LENGTH;
    public static final int KEY_VALUE_VALUE = 2 << 3 | WireType.LENGTH;
    public static final int KEY_VALUE_KEY_STRINDEX = 3 << 3 | WireType.VARINT;

    // ArrayValue
    public static final int ARRAY_VALUE_VALUES = 1 << 3 | WireType.LENGTH;

    // KeyValueList
    public static final int KEY_VALUE_LIST_VALUES = 1 << 3 | WireType.LENGTH;

    // AnyValue
    public static final int ANY_VALUE_STRING_VALUE = 1 << 3 | WireType.LENGTH;
    public static final int ANY_VALUE_BOOL_VALUE = 2 << 3 | WireType.VARINT;
    public static final int ANY_VALUE_INT_VALUE = 3 << 3 | WireType.VARINT;
    public static final int ANY_VALUE_DOUBLE_VALUE = 4 << 3 | WireType.FIXED64;
    public static final int ANY_VALUE_ARRAY_VALUE = 5 << 3 | WireType.LENGTH;
    public static final int ANY_VALUE_KVLIST_VALUE = 6 << 3 | WireType.LENGTH;
    public static final int ANY_VALUE_BYTES_VALUE = 7 << 3 | WireType.LENGTH;
    public static final int ANY_VALUE_STRING_VALUE_STRINDEX = 8 << 3 | WireType.VARINT;

    // EntityRef
    public static final int ENTITY_REF_SCHEMA_URL = 1 << 3 | WireType.LENGTH;
    public static final int ENTITY_REF_TYPE = 2 << 3 | WireType.LENGTH;
    public static final int ENTITY_REF_ID_KEYS = 3 << 3 | WireType.LENGTH;
    public static final int ENTITY_REF_DESCRIPTION_KEYS = 4 << 3 | WireType.LENGTH;

    // Resource
    public static final int RESOURCE_ATTRIBUTES = 1 << 3 | WireType.LENGTH;
    public static final int RESOURCE_DROPPED_ATTRIBUTES_COUNT = 2 << 3 | WireType.VARINT;
    public static final int RESOURCE_ENTITY_REFS = 3 << 3 | WireType.LENGTH;

    // InstrumentationScope
    public static final int SCOPE_NAME = 1 << 3 | WireType.LENGTH;
    public static final int SCOPE_VERSION = 2 << 3 | WireType.LENGTH;
    public static final int SCOPE_ATTRIBUTES = 3 << 3 | WireType.LENGTH;
    public static final int SCOPE_DROPPED_ATTRIBUTES_COUNT = 4 << 3 | WireType.VARINT;

    // Event
    public static final int EVENT_TIME_UNIX_NANO = 1 << 3 | WireType.FIXED64;
    public static final int EVENT_NAME = 2 << 3 | WireType.LENGTH;
    public static final int EVENT_ATTRIBUTES = 3 << 3 | WireType.LENGTH;
    public static final int EVENT_DROPPED_ATTRIBUTES_COUNT = 4 << 3 | WireType.VARINT;

    // Link
    public static final int LINK_TRACE_ID = 1 << 3 | WireType.LENGTH;
    public static final int LINK_SPAN_ID = 2 << 3 | WireType.LENGTH;
    public static final int LINK_TRACE_STATE = 3 << 3 | WireType.LENGTH;
    public static final int LINK_ATTRIBUTES = 4 << 3 | WireType.LENGTH;
    public static final int LINK_DROPPED_ATTRIBUTES_COUNT = 5 << 3 | WireType.VARINT;
    public static final int LINK_FLAGS = 6 << 3 | WireType.FIXED32;

    // Status
    public static final int STATUS_MESSAGE = 2 << 3 | WireType.LENGTH;
    public static final int STATUS_CODE = 3 << 3 | WireType.VARINT;

    // Span
    public static final int SPAN_TRACE_ID = 1 << 3 | WireType.LENGTH;
    public static final int SPAN_SPAN_ID = 2 << 3 | WireType.LENGTH;
    public static final int SPAN_TRACE_STATE = 3 << 3 | WireType.LENGTH;
    public static final int SPAN_PARENT_SPAN_ID = 4 << 3 | WireType.LENGTH;
    public static final int SPAN_NAME = 5 << 3 | WireType.LENGTH;
    public static final int SPAN_KIND = 6 << 3 | WireType.VARINT;
    public static final int SPAN_START_TIME_UNIX_NANO = 7 << 3 | WireType.FIXED64;
    public static final int SPAN_END_TIME_UNIX_NANO = 8 << 3 | WireType.FIXED64;
    public static final int SPAN_ATTRIBUTES = 9 << 3 | WireType.LENGTH;
    public static final int SPAN_DROPPED_ATTRIBUTES_COUNT = 10 << 3 | WireType.VARINT;
    public static final int SPAN_EVENTS = 11 << 3 | WireType.LENGTH;
    public static final int SPAN_DROPPED_EVENTS_COUNT = 12 << 3 | WireType.VARINT;
    public static final int SPAN_LINKS = 13 << 3 | WireType.LENGTH;
    public static final int SPAN_DROPPED_LINKS_COUNT = 14 << 3 | WireType.VARINT;
    public static final int SPAN_STATUS = 15 << 3 | WireType.LENGTH;
    public static final int SPAN_FLAGS = 16 << 3 | WireType.FIXED32;

    // ScopeSpans
    public static final int SCOPE_SPANS_SCOPE = 1 << 3 | WireType.LENGTH;
    public static final int SCOPE_SPANS_SPANS = 2 << 3 | WireType.LENGTH;
    public static final int SCOPE_SPANS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ResourceSpans
    public static final int RESOURCE_SPANS_RESOURCE = 1 << 3 | WireType.LENGTH;
    public static final int RESOURCE_SPANS_SCOPE_SPANS = 2 << 3 | WireType.LENGTH;
    public static final int RESOURCE_SPANS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ExportTraceServiceRequest
    public static final int TRACE_REQUEST_RESOURCE_SPANS = 1 << 3 | WireType.LENGTH;

    // LogRecord
    public static final int LOG_RECORD_TIME_UNIX_NANO = 1 << 3 | WireType.FIXED64;
    public static final int LOG_RECORD_SEVERITY_NUMBER = 2 << 3 | WireType.VARINT;
    public static final int LOG_RECORD_SEVERITY_TEXT = 3 << 3 | WireType.LENGTH;
    public static final int LOG_RECORD_BODY = 5 << 3 | WireType.LENGTH;
    public static final int LOG_RECORD_ATTRIBUTES = 6 << 3 | WireType.LENGTH;
    public static final int LOG_RECORD_DROPPED_ATTRIBUTES_COUNT = 7 << 3 | WireType.VARINT;
    public static final int LOG_RECORD_FLAGS = 8 << 3 | WireType.FIXED32;
    public static final int LOG_RECORD_TRACE_ID = 9 << 3 | WireType.LENGTH;
    public static final int LOG_RECORD_SPAN_ID = 10 << 3 | WireType.LENGTH;
    public static final int LOG_RECORD_OBSERVED_TIME_UNIX_NANO = 11 << 3 | WireType.FIXED64;
    public static final int LOG_RECORD_EVENT_NAME = 12 << 3 | WireType.LENGTH;

    // ScopeLogs
    public static final int SCOPE_LOGS_SCOPE = 1 << 3 | WireType.LENGTH;
    public static final int SCOPE_LOGS_LOG_RECORDS = 2 << 3 | WireType.LENGTH;
    public static final int SCOPE_LOGS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ResourceLogs
    public static final int RESOURCE_LOGS_RESOURCE = 1 << 3 | WireType.LENGTH;
    public static final int RESOURCE_LOGS_SCOPE_LOGS = 2 << 3 | WireType.LENGTH;
    public static final int RESOURCE_LOGS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ExportLogsServiceRequest
    public static final int LOGS_REQUEST_RESOURCE_LOGS = 1 << 3 | WireType.LENGTH;

    // Exemplar
    public static final int EXEMPLAR_TIME_UNIX_NANO = 2 << 3 | WireType.FIXED64;
    public static final int EXEMPLAR_AS_DOUBLE = 3 << 3 | WireType.FIXED64;
    public static final int EXEMPLAR_SPAN_ID = 4 << 3 | WireType.LENGTH;
    public static final int EXEMPLAR_TRACE_ID = 5 << 3 | WireType.LENGTH;
    public static final int EXEMPLAR_AS_INT = 6 << 3 | WireType.FIXED64;
    public static final int EXEMPLAR_FILTERED_ATTRIBUTES = 7 << 3 | WireType.LENGTH;

    // NumberDataPoint
    public static final int NUMBER_POINT_START_TIME_UNIX_NANO = 2 << 3 | WireType.FIXED64;
    public static final int NUMBER_POINT_TIME_UNIX_NANO = 3 << 3 | WireType.FIXED64;
    public static final int NUMBER_POINT_AS_DOUBLE = 4 << 3 | WireType.FIXED64;
    public static final int NUMBER_POINT_EXEMPLARS = 5 << 3 | WireType.LENGTH;
    public static final int NUMBER_POINT_AS_INT = 6 << 3 | WireType.FIXED64;
    public static final int NUMBER_POINT_ATTRIBUTES = 7 << 3 | WireType.LENGTH;
    public static final int NUMBER_POINT_FLAGS = 8 << 3 | WireType.VARINT;

    // HistogramDataPoint
    public static final int HISTOGRAM_POINT_START_TIME_UNIX_NANO = 2 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_TIME_UNIX_NANO = 3 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_COUNT = 4 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_SUM = 5 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_BUCKET_COUNTS = 6 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_EXPLICIT_BOUNDS = 7 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_EXEMPLARS = 8 << 3 | WireType.LENGTH;
    public static final int HISTOGRAM_POINT_ATTRIBUTES = 9 << 3 | WireType.LENGTH;
    public static final int HISTOGRAM_POINT_FLAGS = 10 << 3 | WireType.VARINT;
    public static final int HISTOGRAM_POINT_MIN = 11 << 3 | WireType.FIXED64;
    public static final int HISTOGRAM_POINT_MAX = 12 << 3 | WireType.FIXED64;

    // Buckets
    public static final int BUCKETS_OFFSET = 1 << 3 | WireType.VARINT;
    public static final int BUCKETS_BUCKET_COUNTS = 2 << 3 | WireType.VARINT;

    // ExponentialHistogramDataPoint
    public static final int EXPONENTIAL_POINT_ATTRIBUTES = 1 << 3 | WireType.LENGTH;
    public static final int EXPONENTIAL_POINT_START_TIME_UNIX_NANO = 2 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_TIME_UNIX_NANO = 3 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_COUNT = 4 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_SUM = 5 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_SCALE = 6 << 3 | WireType.VARINT;
    public static final int EXPONENTIAL_POINT_ZERO_COUNT = 7 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_POSITIVE = 8 << 3 | WireType.LENGTH;
    public static final int EXPONENTIAL_POINT_NEGATIVE = 9 << 3 | WireType.LENGTH;
    public static final int EXPONENTIAL_POINT_FLAGS = 10 << 3 | WireType.VARINT;
    public static final int EXPONENTIAL_POINT_EXEMPLARS = 11 << 3 | WireType.LENGTH;
    public static final int EXPONENTIAL_POINT_MIN = 12 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_MAX = 13 << 3 | WireType.FIXED64;
    public static final int EXPONENTIAL_POINT_ZERO_THRESHOLD = 14 << 3 | WireType.FIXED64;

    // ValueAtQuantile
    public static final int QUANTILE_QUANTILE = 1 << 3 | WireType.FIXED64;
    public static final int QUANTILE_VALUE = 2 << 3 | WireType.FIXED64;

    // SummaryDataPoint
    public static final int SUMMARY_POINT_START_TIME_UNIX_NANO = 2 << 3 | WireType.FIXED64;
    public static final int SUMMARY_POINT_TIME_UNIX_NANO = 3 << 3 | WireType.FIXED64;
    public static final int SUMMARY_POINT_COUNT = 4 << 3 | WireType.FIXED64;
    public static final int SUMMARY_POINT_SUM = 5 << 3 | WireType.FIXED64;
    public static final int SUMMARY_POINT_QUANTILE_VALUES = 6 << 3 | WireType.LENGTH;
    public static final int SUMMARY_POINT_ATTRIBUTES = 7 << 3 | WireType.LENGTH;
    public static final int SUMMARY_POINT_FLAGS = 8 << 3 | WireType.VARINT;

    // Gauge
    public static final int GAUGE_DATA_POINTS = 1 << 3 | WireType.LENGTH;

    // Sum
    public static final int SUM_DATA_POINTS = 1 << 3 | WireType.LENGTH;
    public static final int SUM_AGGREGATION_TEMPORALITY = 2 << 3 | WireType.VARINT;
    public static final int SUM_IS_MONOTONIC = 3 << 3 | WireType.VARINT;

    // Histogram
    public static final int HISTOGRAM_DATA_POINTS = 1 << 3 | WireType.LENGTH;
    public static final int HISTOGRAM_AGGREGATION_TEMPORALITY = 2 << 3 | WireType.VARINT;

    // ExponentialHistogram
    public static final int EXPONENTIAL_HISTOGRAM_DATA_POINTS = 1 << 3 | WireType.LENGTH;
    public static final int EXPONENTIAL_HISTOGRAM_AGGREGATION_TEMPORALITY = 2 << 3 | WireType.VARINT;

    // Summary
    public static final int SUMMARY_DATA_POINTS = 1 << 3 | WireType.LENGTH;

    // Metric
    public static final int METRIC_NAME = 1 << 3 | WireType.LENGTH;
    public static final int METRIC_DESCRIPTION = 2 << 3 | WireType.LENGTH;
    public static final int METRIC_UNIT = 3 << 3 | WireType.LENGTH;
    public static final int METRIC_GAUGE = 5 << 3 | WireType.LENGTH;
    public static final int METRIC_SUM = 7 << 3 | WireType.LENGTH;
    public static final int METRIC_HISTOGRAM = 9 << 3 | WireType.LENGTH;
    public static final int METRIC_EXPONENTIAL_HISTOGRAM = 10 << 3 | WireType.LENGTH;
    public static final int METRIC_SUMMARY = 11 << 3 | WireType.LENGTH;
    public static final int METRIC_METADATA = 12 << 3 | WireType.LENGTH;

    // ScopeMetrics
    public static final int SCOPE_METRICS_SCOPE = 1 << 3 | WireType.LENGTH;
    public static final int SCOPE_METRICS_METRICS = 2 << 3 | WireType.LENGTH;
    public static final int SCOPE_METRICS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ResourceMetrics
    public static final int RESOURCE_METRICS_RESOURCE = 1 << 3 | WireType.LENGTH;
    public static final int RESOURCE_METRICS_SCOPE_METRICS = 2 << 3 | WireType.LENGTH;
    public static final int RESOURCE_METRICS_SCHEMA_URL = 3 << 3 | WireType.LENGTH;

    // ExportMetricsServiceRequest
    public static final int METRICS_REQUEST_RESOURCE_METRICS = 1 << 3 | WireType.LENGTH;

    private OtlpFields() {}

    public static int number(int tag) {
        return tag >>> 3;
    }
}
