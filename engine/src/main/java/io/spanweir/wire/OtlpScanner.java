package io.spanweir.wire;

/**
 * Checks one request of OTLP completely and indexes it, in one pass. What it accepts, views read without checking again.
 * Rules: protobuf as protobuf-java parses it (unknown fields and groups are kept, strings must be UTF-8, numbers take at most
 * ten bytes), and ids of 16 and 8 bytes or empty. Nothing is thrown for bad data, depth is bounded. Reusable; allocates only
 * when its index must grow. Threading: one thread.
 */
public final class OtlpScanner {
    /** Not a message of OTLP; {@link #problem()} says where and why. */
    public static final int MALFORMED = -1;

    /**
     * Correct, but laid out so that views cannot read it in place: a resource behind its scopes, other fields between items,
     * a sub-message in two parts. {@link Canonical#rewrite} makes an equal message that can be scanned.
     */
    public static final int NEEDS_CANONICAL = -2;

    /** More than {@link OtlpLimits} allow; {@link #problem()} says of what. */
    public static final int OVER_LIMIT = -3;

    private final OtlpLimits limits;
    private final OtlpIndex index = new OtlpIndex();
    private final OtlpValidator validator;
    private Signal signal = Signal.TRACES;
    private OtlpLayout layout = OtlpLayout.of(Signal.TRACES);
    private int origin;

    private int resourcePrefixOffset;
    private int resourcePrefixLength;

    // The run that the next item may extend.
    private long runTraceIdHigh;
    private long runTraceIdLow;

    public OtlpScanner(OtlpLimits limits) {
        this.limits = limits;
        validator = new OtlpValidator(limits);
    }

    /**
     * Scans a message.
     *
     * @return the number of spans, log records or data points; {@link #MALFORMED}, {@link #NEEDS_CANONICAL} or
     *     {@link #OVER_LIMIT} when the message is not accepted as it is
     */
    public int scan(Signal signal, byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.signal = signal;
        layout = OtlpLayout.of(signal);
        origin = offset;
        index.clear();
        validator.wrap(bytes);
        boolean good = length <= limits.maxMessageBytes();
        if (good) {
            good = request(offset, offset + length);
        } else {
            validator.failure.longMessage(length);
        }
        boolean odd = validator.odd;
        validator.release();
        if (good && !odd) {
            return index.itemCount();
        }
        index.clear();
        if (good) {
            return NEEDS_CANONICAL;
        }
        return validator.failure.overLimit() ? OVER_LIMIT : MALFORMED;
    }

    /** What the last accepted scan found; empty after one that was not accepted. */
    public OtlpIndex index() {
        return index;
    }

    /**
     * What the last scan refused and where, for example {@code resource_spans[0].scope_spans[2].spans[17].trace_id: 15 bytes
     * at offset 20481, expected 16}. Offsets count from the begin of the message, whose bytes must still be there.
     */
    public String problem() {
        return validator.failure.describe(signal, origin);
    }

    private boolean request(int start, int end) {
        OtlpValidator v = validator;
        int at = start;
        while (at < end) {
            int field = at;
            int value = v.header(field, end);
            if (value < 0) {
                return v.failure.unwind(layout.request, start, field);
            }
            boolean good = true;
            if (v.tag == OtlpLayout.LIST_TAG) {
                at = value + v.length;
                good = resource(value, at);
            } else {
                at = v.skip(field, value, end);
            }
            if (!good || at < 0) {
                return v.failure.unwind(layout.request, start, field);
            }
        }
        return true;
    }

    /** One ResourceSpans, ResourceLogs or ResourceMetrics. */
    private boolean resource(int start, int end) {
        OtlpValidator v = validator;
        int firstGroup = index.groupCount();
        int firstList = -1;
        int suffix = -1;
        boolean resourceSeen = false;
        resourcePrefixOffset = start;
        int at = start;
        while (at < end) {
            int field = at;
            int value = v.header(field, end);
            if (value < 0) {
                return v.failure.unwind(layout.resource, start, field);
            }
            int tag = v.tag;
            if (tag == OtlpLayout.NESTED_TAG) {
                v.odd |= suffix >= 0;
                if (firstList < 0) {
                    firstList = field;
                    resourcePrefixLength = field - start;
                }
                at = value + v.length;
                if (!scope(value, at)) {
                    return v.failure.unwind(layout.resource, start, field);
                }
            } else {
                at = v.skip(field, value, end);
                if (at < 0) {
                    return v.failure.unwind(layout.resource, start, field);
                }
                if (!v.message(layout.resource, field, at, 0)) {
                    return false;
                }
                suffix = firstList >= 0 && suffix < 0 ? field : suffix;
                v.odd |= tag == OtlpLayout.HEAD_TAG && (resourceSeen || suffix >= 0);
                resourceSeen |= tag == OtlpLayout.HEAD_TAG;
            }
        }
        int suffixOffset = suffix < 0 ? end : suffix;
        for (int group = firstGroup; group < index.groupCount(); group++) {
            index.resourceSuffix(group, suffixOffset, end - suffixOffset);
        }
        return true;
    }

    /** One ScopeSpans, ScopeLogs or ScopeMetrics. */
    private boolean scope(int start, int end) {
        OtlpValidator v = validator;
        int group = -1;
        int suffix = -1;
        boolean scopeSeen = false;
        int at = start;
        while (at < end) {
            int field = at;
            int value = v.header(field, end);
            if (value < 0) {
                return v.failure.unwind(layout.scope, start, field);
            }
            int tag = v.tag;
            if (tag == OtlpLayout.NESTED_TAG) {
                v.odd |= suffix >= 0;
                boolean first = group < 0;
                if (first) {
                    group = index.addGroup(resourcePrefixOffset, resourcePrefixLength, start, field - start);
                }
                at = value + v.length;
                if (!item(group, first, field, value, at)) {
                    return v.failure.unwind(layout.scope, start, field);
                }
            } else {
                at = v.skip(field, value, end);
                if (at < 0) {
                    return v.failure.unwind(layout.scope, start, field);
                }
                if (!v.message(layout.scope, field, at, 0)) {
                    return false;
                }
                suffix = group >= 0 && suffix < 0 ? field : suffix;
                v.odd |= tag == OtlpLayout.HEAD_TAG && (scopeSeen || suffix >= 0);
                scopeSeen |= tag == OtlpLayout.HEAD_TAG;
            }
        }
        if (group >= 0) {
            int suffixOffset = suffix < 0 ? end : suffix;
            index.scopeSuffix(group, suffixOffset, end - suffixOffset);
        }
        return true;
    }

    /** One span, log record or metric. */
    private boolean item(int group, boolean first, int field, int value, int end) {
        OtlpValidator v = validator;
        v.traceIdOffset = -1;
        v.dataPointCount = 0;
        if (!v.message(layout.item, value, end, 0)) {
            return false;
        }
        int items = signal == Signal.METRICS ? v.dataPointCount : 1;
        if (items > limits.maxItems() - index.itemCount()) {
            return v.failure.manyItems(field);
        }
        long high = 0;
        long low = 0;
        int traceIdOffset = v.traceIdOffset;
        if (traceIdOffset >= 0) {
            high = Bytes.longBigEndianAt(v.bytes, traceIdOffset);
            low = Bytes.longBigEndianAt(v.bytes, traceIdOffset + 8);
        }
        if (first || high != runTraceIdHigh || low != runTraceIdLow) {
            index.addRun(group, field, (high | low) == 0 ? -1 : traceIdOffset);
            runTraceIdHigh = high;
            runTraceIdLow = low;
        }
        index.extendRun(end, items);
        return true;
    }
}
