package io.spanweir.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a correct request that {@link OtlpScanner} answers with {@link OtlpScanner#NEEDS_CANONICAL} into an equal one that
 * it accepts: parts of a sub-message are merged as protobuf merges them, of a oneof the last member stays, other fields come
 * before scopes and items. Unknown fields are kept. The rare way: it allocates. Threading: any thread.
 *
 * <p>A message in parts is treated as a list of ranges of the original bytes, never as copied bytes: parsing the ranges one
 * after the other is merging. So time and memory stay linear in the size of the message however it is cut and nested.
 */
public final class Canonical {
    private final byte[] bytes;
    private final WireWriter out;

    private Canonical(byte[] bytes, WireWriter out) {
        this.bytes = bytes;
        this.out = out;
    }

    /** Appends the rewritten message to {@code out}. The bytes must have passed a scan, whether canonical or not. */
    public static void rewrite(Signal signal, byte[] bytes, int offset, int length, WireWriter out) {
        Ranges whole = new Ranges();
        whole.add(offset, offset + length);
        new Canonical(bytes, out).message(OtlpLayout.of(signal).request.schema, whole);
    }

    /** Pairs of begin and end. */
    private static final class Ranges {
        private int[] bounds = new int[2];
        private int count;

        void add(int start, int end) {
            if (2 * count == bounds.length) {
                bounds = Arrays.copyOf(bounds, 4 * count);
            }
            bounds[2 * count] = start;
            bounds[2 * count + 1] = end;
            count++;
        }

        int start(int i) {
            return bounds[2 * i];
        }

        int end(int i) {
            return bounds[2 * i + 1];
        }
    }

    /** What must be known of a message before its first field is written. */
    private static final class Parts {
        private final List<@Nullable Ranges> merged = new ArrayList<>();
        /** The member of the oneof that stays; 0 when none is set. */
        private int member;

        Parts() {
            for (int number = 0; number < OtlpSchema.TABLE_LIMIT; number++) {
                merged.add(null);
            }
        }

        void add(int number, int start, int end) {
            Ranges ranges = merged.get(number);
            if (ranges == null) {
                ranges = new Ranges();
                merged.set(number, ranges);
            }
            ranges.add(start, end);
        }
    }

    private void message(OtlpSchema.Message schema, Ranges ranges) {
        Parts parts = parts(schema, ranges);
        boolean grouped = schema == OtlpSchema.RESOURCE_SPANS
                || schema == OtlpSchema.RESOURCE_LOGS
                || schema == OtlpSchema.RESOURCE_METRICS
                || schema == OtlpSchema.SCOPE_SPANS
                || schema == OtlpSchema.SCOPE_LOGS
                || schema == OtlpSchema.SCOPE_METRICS;
        if (grouped) {
            fields(schema, ranges, parts, false, true);
            fields(schema, ranges, parts, true, false);
        } else {
            fields(schema, ranges, parts, true, true);
        }
    }

    private Parts parts(OtlpSchema.Message schema, Ranges ranges) {
        Parts parts = new Parts();
        WireReader reader = new WireReader();
        for (int i = 0; i < ranges.count; i++) {
            reader.wrap(bytes, ranges.start(i), ranges.end(i) - ranges.start(i));
            while (reader.next()) {
                OtlpSchema.Field field = known(schema, reader.tag());
                if (field == null) {
                    continue;
                }
                if (field.oneof()) {
                    if (parts.member != field.number()) {
                        parts.merged.set(parts.member, null);
                        parts.member = field.number();
                    }
                }
                if (field.kind() == OtlpSchema.Kind.MESSAGE && !field.repeated()) {
                    parts.add(field.number(), reader.valueOffset(), reader.fieldEnd());
                }
            }
        }
        return parts;
    }

    /** The field if OTLP defines the number with this wire type. */
    private static OtlpSchema.@Nullable Field known(OtlpSchema.Message schema, int tag) {
        OtlpSchema.Field field = schema.field(tag >>> 3);
        return field != null && field.kind().wireType() == (tag & 7) ? field : null;
    }

    /** Writes the fields; a message in parts is written whole where its first part stood. */
    private void fields(
            OtlpSchema.Message schema, Ranges ranges, Parts parts, boolean nestedFields, boolean otherFields) {
        WireReader reader = new WireReader();
        for (int i = 0; i < ranges.count; i++) {
            reader.wrap(bytes, ranges.start(i), ranges.end(i) - ranges.start(i));
            while (reader.next()) {
                boolean nested = reader.tag() == OtlpLayout.NESTED_TAG;
                if (nested ? nestedFields : otherFields) {
                    field(known(schema, reader.tag()), reader, parts);
                }
            }
        }
    }

    private void field(OtlpSchema.@Nullable Field field, WireReader reader, Parts parts) {
        if (field == null || (field.kind() != OtlpSchema.Kind.MESSAGE && !field.oneof())) {
            out.raw(bytes, reader.fieldOffset(), reader.fieldEnd() - reader.fieldOffset());
            return;
        }
        if (field.oneof() && field.number() != parts.member) {
            return;
        }
        if (field.kind() != OtlpSchema.Kind.MESSAGE) {
            out.raw(bytes, reader.fieldOffset(), reader.fieldEnd() - reader.fieldOffset());
            return;
        }
        Ranges ranges;
        if (field.repeated()) {
            ranges = new Ranges();
            ranges.add(reader.valueOffset(), reader.fieldEnd());
        } else {
            Ranges merged = parts.merged.get(field.number());
            if (merged == null) {
                return;
            }
            ranges = merged;
            parts.merged.set(field.number(), null);
        }
        int mark = out.begin(field.number());
        message(field.message(), ranges);
        out.end(mark);
    }
}
