package io.spanweir.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The field tables of OTLP: every message of the trace, log and metric requests and of the answers, as data. Validation
 * and OTLP/JSON are driven by them; the scanners name the fields that they treat by hand in {@code OtlpFields}.
 *
 * <p>Source: opentelemetry-proto 1.11.0, {@code opentelemetry/proto}. Threading: any thread, immutable.
 */
public final class OtlpSchema {
    private OtlpSchema() {}

    /** How a field is encoded and what its value means. */
    public enum Kind {
        MESSAGE(WireType.LENGTH),
        STRING(WireType.LENGTH),
        BYTES(WireType.LENGTH),
        /** Bytes that are written as hexadecimal in JSON: trace and span ids. */
        ID(WireType.LENGTH),
        BOOL(WireType.VARINT),
        ENUM(WireType.VARINT),
        INT32(WireType.VARINT),
        UINT32(WireType.VARINT),
        INT64(WireType.VARINT),
        UINT64(WireType.VARINT),
        SINT32(WireType.VARINT),
        FIXED32(WireType.FIXED32),
        FIXED64(WireType.FIXED64),
        SFIXED64(WireType.FIXED64),
        DOUBLE(WireType.FIXED64);

        private final int wireType;

        Kind(int wireType) {
            this.wireType = wireType;
        }

        public int wireType() {
            return wireType;
        }
    }

    /** One field of a message. */
    public static final class Field {
        private final int number;
        private final String name;
        private final String jsonName;
        private final Kind kind;
        private final boolean repeated;
        private final boolean presence;
        private final boolean oneof;
        private final int idLength;
        private final @Nullable Message message;

        private Field(int number, String name, Kind kind, int flags, int idLength, @Nullable Message message) {
            this.number = number;
            this.name = name;
            this.jsonName = camelCase(name);
            this.kind = kind;
            this.repeated = (flags & REPEATED) != 0;
            this.oneof = (flags & ONEOF) != 0;
            this.presence = kind == Kind.MESSAGE || (flags & (OPTIONAL | ONEOF)) != 0;
            this.idLength = idLength;
            this.message = message;
        }

        public int number() {
            return number;
        }

        /** The name in the .proto file, as errors print it. */
        public String name() {
            return name;
        }

        public String jsonName() {
            return jsonName;
        }

        public Kind kind() {
            return kind;
        }

        public boolean repeated() {
            return repeated;
        }

        /** Repeated numbers are written packed; readers take both forms. */
        public boolean packable() {
            return repeated && kind.wireType() != WireType.LENGTH;
        }

        /** Whether absence differs from the default value. */
        public boolean presence() {
            return presence;
        }

        /** Member of the message's only oneof. */
        public boolean oneof() {
            return oneof;
        }

        /** 16 or 8 for an id, else 0. An empty id is absent. */
        public int idLength() {
            return idLength;
        }

        /** The type of a {@link Kind#MESSAGE} field. */
        public Message message() {
            if (message == null) {
                throw new IllegalStateException(name + " is no message");
            }
            return message;
        }
    }

    /** One message type. Fields above {@link #TABLE_LIMIT} do not exist in OTLP. */
    public static final class Message {
        private final String name;
        private final @Nullable Field[] byNumber = new Field[TABLE_LIMIT];
        private final List<Field> fields = new ArrayList<>();
        private final Map<String, Field> byJsonName = new HashMap<>();

        private Message(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        /** The field of that number, or null when OTLP does not define it. */
        public @Nullable Field field(int number) {
            return number < TABLE_LIMIT ? byNumber[number] : null;
        }

        public @Nullable Field fieldByJsonName(String jsonName) {
            return byJsonName.get(jsonName);
        }

        /** In the order of their numbers. */
        public List<Field> fields() {
            return fields;
        }

        private Message with(int number, String fieldName, Kind kind, int flags) {
            return add(new Field(number, fieldName, kind, flags, 0, null));
        }

        private Message with(int number, String fieldName, Kind kind) {
            return with(number, fieldName, kind, 0);
        }

        private Message id(int number, String fieldName, int length) {
            return add(new Field(number, fieldName, Kind.ID, 0, length, null));
        }

        private Message with(int number, String fieldName, Message type, int flags) {
            return add(new Field(number, fieldName, Kind.MESSAGE, flags, 0, type));
        }

        private Message with(int number, String fieldName, Message type) {
            return with(number, fieldName, type, 0);
        }

        private Message add(Field field) {
            byNumber[field.number()] = field;
            fields.add(field);
            byJsonName.put(field.jsonName(), field);
            return this;
        }
    }

    /** One more than the largest field number of the tables. */
    public static final int TABLE_LIMIT = 17;

    private static final int REPEATED = 1;
    private static final int ONEOF = 2;
    private static final int OPTIONAL = 4;

    public static final Message ANY_VALUE = new Message("AnyValue");
    public static final Message KEY_VALUE = new Message("KeyValue")
            .with(1, "key", Kind.STRING)
            .with(2, "value", ANY_VALUE)
            .with(3, "key_strindex", Kind.INT32);
    public static final Message ARRAY_VALUE = new Message("ArrayValue").with(1, "values", ANY_VALUE, REPEATED);
    public static final Message KEY_VALUE_LIST = new Message("KeyValueList").with(1, "values", KEY_VALUE, REPEATED);

    static {
        ANY_VALUE
                .with(1, "string_value", Kind.STRING, ONEOF)
                .with(2, "bool_value", Kind.BOOL, ONEOF)
                .with(3, "int_value", Kind.INT64, ONEOF)
                .with(4, "double_value", Kind.DOUBLE, ONEOF)
                .with(5, "array_value", ARRAY_VALUE, ONEOF)
                .with(6, "kvlist_value", KEY_VALUE_LIST, ONEOF)
                .with(7, "bytes_value", Kind.BYTES, ONEOF)
                .with(8, "string_value_strindex", Kind.INT32, ONEOF);
    }

    public static final Message ENTITY_REF = new Message("EntityRef")
            .with(1, "schema_url", Kind.STRING)
            .with(2, "type", Kind.STRING)
            .with(3, "id_keys", Kind.STRING, REPEATED)
            .with(4, "description_keys", Kind.STRING, REPEATED);
    public static final Message RESOURCE = new Message("Resource")
            .with(1, "attributes", KEY_VALUE, REPEATED)
            .with(2, "dropped_attributes_count", Kind.UINT32)
            .with(3, "entity_refs", ENTITY_REF, REPEATED);
    public static final Message SCOPE = new Message("InstrumentationScope")
            .with(1, "name", Kind.STRING)
            .with(2, "version", Kind.STRING)
            .with(3, "attributes", KEY_VALUE, REPEATED)
            .with(4, "dropped_attributes_count", Kind.UINT32);

    public static final Message SPAN_EVENT = new Message("Event")
            .with(1, "time_unix_nano", Kind.FIXED64)
            .with(2, "name", Kind.STRING)
            .with(3, "attributes", KEY_VALUE, REPEATED)
            .with(4, "dropped_attributes_count", Kind.UINT32);
    public static final Message SPAN_LINK = new Message("Link")
            .id(1, "trace_id", 16)
            .id(2, "span_id", 8)
            .with(3, "trace_state", Kind.STRING)
            .with(4, "attributes", KEY_VALUE, REPEATED)
            .with(5, "dropped_attributes_count", Kind.UINT32)
            .with(6, "flags", Kind.FIXED32);
    public static final Message STATUS =
            new Message("Status").with(2, "message", Kind.STRING).with(3, "code", Kind.ENUM);
    public static final Message SPAN = new Message("Span")
            .id(1, "trace_id", 16)
            .id(2, "span_id", 8)
            .with(3, "trace_state", Kind.STRING)
            .id(4, "parent_span_id", 8)
            .with(5, "name", Kind.STRING)
            .with(6, "kind", Kind.ENUM)
            .with(7, "start_time_unix_nano", Kind.FIXED64)
            .with(8, "end_time_unix_nano", Kind.FIXED64)
            .with(9, "attributes", KEY_VALUE, REPEATED)
            .with(10, "dropped_attributes_count", Kind.UINT32)
            .with(11, "events", SPAN_EVENT, REPEATED)
            .with(12, "dropped_events_count", Kind.UINT32)
            .with(13, "links", SPAN_LINK, REPEATED)
            .with(14, "dropped_links_count", Kind.UINT32)
            .with(15, "status", STATUS)
            .with(16, "flags", Kind.FIXED32);
    public static final Message SCOPE_SPANS = new Message("ScopeSpans")
            .with(1, "scope", SCOPE)
            .with(2, "spans", SPAN, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message RESOURCE_SPANS = new Message("ResourceSpans")
            .with(1, "resource", RESOURCE)
            .with(2, "scope_spans", SCOPE_SPANS, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message TRACE_REQUEST =
            new Message("ExportTraceServiceRequest").with(1, "resource_spans", RESOURCE_SPANS, REPEATED);

    public static final Message LOG_RECORD = new Message("LogRecord")
            .with(1, "time_unix_nano", Kind.FIXED64)
            .with(2, "severity_number", Kind.ENUM)
            .with(3, "severity_text", Kind.STRING)
            .with(5, "body", ANY_VALUE)
            .with(6, "attributes", KEY_VALUE, REPEATED)
            .with(7, "dropped_attributes_count", Kind.UINT32)
            .with(8, "flags", Kind.FIXED32)
            .id(9, "trace_id", 16)
            .id(10, "span_id", 8)
            .with(11, "observed_time_unix_nano", Kind.FIXED64)
            .with(12, "event_name", Kind.STRING);
    public static final Message SCOPE_LOGS = new Message("ScopeLogs")
            .with(1, "scope", SCOPE)
            .with(2, "log_records", LOG_RECORD, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message RESOURCE_LOGS = new Message("ResourceLogs")
            .with(1, "resource", RESOURCE)
            .with(2, "scope_logs", SCOPE_LOGS, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message LOGS_REQUEST =
            new Message("ExportLogsServiceRequest").with(1, "resource_logs", RESOURCE_LOGS, REPEATED);

    public static final Message EXEMPLAR = new Message("Exemplar")
            .with(2, "time_unix_nano", Kind.FIXED64)
            .with(3, "as_double", Kind.DOUBLE, ONEOF)
            .id(4, "span_id", 8)
            .id(5, "trace_id", 16)
            .with(6, "as_int", Kind.SFIXED64, ONEOF)
            .with(7, "filtered_attributes", KEY_VALUE, REPEATED);
    public static final Message NUMBER_DATA_POINT = new Message("NumberDataPoint")
            .with(2, "start_time_unix_nano", Kind.FIXED64)
            .with(3, "time_unix_nano", Kind.FIXED64)
            .with(4, "as_double", Kind.DOUBLE, ONEOF)
            .with(5, "exemplars", EXEMPLAR, REPEATED)
            .with(6, "as_int", Kind.SFIXED64, ONEOF)
            .with(7, "attributes", KEY_VALUE, REPEATED)
            .with(8, "flags", Kind.UINT32);
    public static final Message HISTOGRAM_DATA_POINT = new Message("HistogramDataPoint")
            .with(2, "start_time_unix_nano", Kind.FIXED64)
            .with(3, "time_unix_nano", Kind.FIXED64)
            .with(4, "count", Kind.FIXED64)
            .with(5, "sum", Kind.DOUBLE, OPTIONAL)
            .with(6, "bucket_counts", Kind.FIXED64, REPEATED)
            .with(7, "explicit_bounds", Kind.DOUBLE, REPEATED)
            .with(8, "exemplars", EXEMPLAR, REPEATED)
            .with(9, "attributes", KEY_VALUE, REPEATED)
            .with(10, "flags", Kind.UINT32)
            .with(11, "min", Kind.DOUBLE, OPTIONAL)
            .with(12, "max", Kind.DOUBLE, OPTIONAL);
    public static final Message BUCKETS =
            new Message("Buckets").with(1, "offset", Kind.SINT32).with(2, "bucket_counts", Kind.UINT64, REPEATED);
    public static final Message EXPONENTIAL_HISTOGRAM_DATA_POINT = new Message("ExponentialHistogramDataPoint")
            .with(1, "attributes", KEY_VALUE, REPEATED)
            .with(2, "start_time_unix_nano", Kind.FIXED64)
            .with(3, "time_unix_nano", Kind.FIXED64)
            .with(4, "count", Kind.FIXED64)
            .with(5, "sum", Kind.DOUBLE, OPTIONAL)
            .with(6, "scale", Kind.SINT32)
            .with(7, "zero_count", Kind.FIXED64)
            .with(8, "positive", BUCKETS)
            .with(9, "negative", BUCKETS)
            .with(10, "flags", Kind.UINT32)
            .with(11, "exemplars", EXEMPLAR, REPEATED)
            .with(12, "min", Kind.DOUBLE, OPTIONAL)
            .with(13, "max", Kind.DOUBLE, OPTIONAL)
            .with(14, "zero_threshold", Kind.DOUBLE);
    public static final Message VALUE_AT_QUANTILE =
            new Message("ValueAtQuantile").with(1, "quantile", Kind.DOUBLE).with(2, "value", Kind.DOUBLE);
    public static final Message SUMMARY_DATA_POINT = new Message("SummaryDataPoint")
            .with(2, "start_time_unix_nano", Kind.FIXED64)
            .with(3, "time_unix_nano", Kind.FIXED64)
            .with(4, "count", Kind.FIXED64)
            .with(5, "sum", Kind.DOUBLE)
            .with(6, "quantile_values", VALUE_AT_QUANTILE, REPEATED)
            .with(7, "attributes", KEY_VALUE, REPEATED)
            .with(8, "flags", Kind.UINT32);
    public static final Message GAUGE = new Message("Gauge").with(1, "data_points", NUMBER_DATA_POINT, REPEATED);
    public static final Message SUM = new Message("Sum")
            .with(1, "data_points", NUMBER_DATA_POINT, REPEATED)
            .with(2, "aggregation_temporality", Kind.ENUM)
            .with(3, "is_monotonic", Kind.BOOL);
    public static final Message HISTOGRAM = new Message("Histogram")
            .with(1, "data_points", HISTOGRAM_DATA_POINT, REPEATED)
            .with(2, "aggregation_temporality", Kind.ENUM);
    public static final Message EXPONENTIAL_HISTOGRAM = new Message("ExponentialHistogram")
            .with(1, "data_points", EXPONENTIAL_HISTOGRAM_DATA_POINT, REPEATED)
            .with(2, "aggregation_temporality", Kind.ENUM);
    public static final Message SUMMARY = new Message("Summary").with(1, "data_points", SUMMARY_DATA_POINT, REPEATED);
    public static final Message METRIC = new Message("Metric")
            .with(1, "name", Kind.STRING)
            .with(2, "description", Kind.STRING)
            .with(3, "unit", Kind.STRING)
            .with(5, "gauge", GAUGE, ONEOF)
            .with(7, "sum", SUM, ONEOF)
            .with(9, "histogram", HISTOGRAM, ONEOF)
            .with(10, "exponential_histogram", EXPONENTIAL_HISTOGRAM, ONEOF)
            .with(11, "summary", SUMMARY, ONEOF)
            .with(12, "metadata", KEY_VALUE, REPEATED);
    public static final Message SCOPE_METRICS = new Message("ScopeMetrics")
            .with(1, "scope", SCOPE)
            .with(2, "metrics", METRIC, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message RESOURCE_METRICS = new Message("ResourceMetrics")
            .with(1, "resource", RESOURCE)
            .with(2, "scope_metrics", SCOPE_METRICS, REPEATED)
            .with(3, "schema_url", Kind.STRING);
    public static final Message METRICS_REQUEST =
            new Message("ExportMetricsServiceRequest").with(1, "resource_metrics", RESOURCE_METRICS, REPEATED);

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder(name.length());
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                text.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return text.toString();
    }
}
