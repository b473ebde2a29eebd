package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpSchema;
import io.spanweir.wire.WireType;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Metric} of OTLP read in place, with the edits of an {@link Overlay} if there is one. A cursor walks its data
 * points. Valid only during the call that it is passed to. Threading: lane.
 *
 * <p>Points stand inside the field of the metric's kind ({@code gauge}, {@code sum}, …), which an overlay replaces as a whole.
 * So edits of points are kept apart while the points are walked, and {@link #storePoints} writes that field anew, once a
 * metric, into the metric's overlay. Another processor's view then reads the new field. Edits that are not stored are gone with
 * the next {@code wrap}.
 */
public final class MetricView {
    /** Which points a metric has. */
    public enum Kind {
        NONE,
        GAUGE,
        SUM,
        HISTOGRAM,
        EXPONENTIAL_HISTOGRAM,
        SUMMARY
    }

    /** {@code data_points}, the same in all kinds. */
    private static final int POINTS_TAG = 1 << 3 | WireType.LENGTH;

    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private @Nullable Overlay overlay;
    private int element;
    private boolean indexed;
    private int indexedVersion;

    private byte[] nameBytes = Bytes.EMPTY;
    private int nameAt;
    private int nameEnd;
    private byte[] dataBytes = Bytes.EMPTY;
    private int dataTag;
    private int dataAt;
    private int dataEnd;

    private final Overlay numberPoints = Overlay.ofPoints(OtlpSchema.NUMBER_DATA_POINT);
    private final Overlay histogramPoints = Overlay.ofPoints(OtlpSchema.HISTOGRAM_DATA_POINT);
    private final Overlay exponentialPoints = Overlay.ofPoints(OtlpSchema.EXPONENTIAL_HISTOGRAM_DATA_POINT);
    private final Overlay summaryPoints = Overlay.ofPoints(OtlpSchema.SUMMARY_DATA_POINT);
    private Overlay points = numberPoints;
    private int pointCount;
    private int nextPointAt;
    private int nextPoint;
    private byte[] scratch = new byte[1024];

    /** Goes to a metric without edits, read only: the message, without its tag and length. */
    public MetricView wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        overlay = null;
        indexed = false;
        return this;
    }

    /** Goes to a metric that is an element of an overlay, which also receives edits. */
    public MetricView wrap(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        wrap(bytes, offset, length);
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    /** The array that holds {@code name} (1). */
    public byte[] nameBytes() {
        index();
        return nameBytes;
    }

    public int nameOffset() {
        index();
        return nameAt;
    }

    /** Bytes of the name; 0 when absent. */
    public int nameLength() {
        index();
        return nameEnd - nameAt;
    }

    public Kind kind() {
        index();
        return switch (dataTag) {
            case OtlpFields.METRIC_GAUGE -> Kind.GAUGE;
            case OtlpFields.METRIC_SUM -> Kind.SUM;
            case OtlpFields.METRIC_HISTOGRAM -> Kind.HISTOGRAM;
            case OtlpFields.METRIC_EXPONENTIAL_HISTOGRAM -> Kind.EXPONENTIAL_HISTOGRAM;
            case OtlpFields.METRIC_SUMMARY -> Kind.SUMMARY;
            default -> Kind.NONE;
        };
    }

    public int pointCount() {
        index();
        return pointCount;
    }

    /** Starts the walk over the points again; edits that were made to them stay. */
    public void rewindPoints() {
        index();
        nextPointAt = dataAt;
        nextPoint = 0;
    }

    /** Goes to the next data point; false at the end. */
    public boolean nextPoint(DataPointView into) {
        index();
        while (nextPointAt < dataEnd) {
            int tag = (int) Bytes.varintAt(dataBytes, nextPointAt);
            int value = Bytes.varintEnd(dataBytes, nextPointAt);
            nextPointAt = Bytes.valueEnd(dataBytes, value, tag);
            if (tag == POINTS_TAG) {
                int body = Bytes.varintEnd(dataBytes, value);
                into.wrap(dataBytes, body, nextPointAt - body, points, nextPoint++);
                return true;
            }
        }
        return false;
    }

    /** Writes the points with the edits made to them into the metric's overlay; false when there were none. */
    public boolean storePoints() {
        if (points.editedCount() == 0) {
            return false;
        }
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("this metric is read only: the view was wrapped without an overlay");
        }
        int length = splicedLength();
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, 2 * scratch.length)];
        }
        writeSpliced();
        edits.putField(element, dataTag, scratch, 0, length);
        points.reset(0);
        indexed = false;
        return true;
    }

    private int splicedLength() {
        int length = 0;
        int point = 0;
        for (int at = dataAt; at < dataEnd; ) {
            int field = at;
            int tag = (int) Bytes.varintAt(dataBytes, field);
            int value = Bytes.varintEnd(dataBytes, field);
            at = Bytes.valueEnd(dataBytes, value, tag);
            if (tag == POINTS_TAG) {
                int body = Bytes.varintEnd(dataBytes, value);
                length += Splice.fieldLength(dataBytes, body, at - body, points, point++, OtlpFields.number(tag));
            } else {
                length += at - field;
            }
        }
        return length;
    }

    private void writeSpliced() {
        int to = 0;
        int point = 0;
        for (int at = dataAt; at < dataEnd; ) {
            int field = at;
            int tag = (int) Bytes.varintAt(dataBytes, field);
            int value = Bytes.varintEnd(dataBytes, field);
            at = Bytes.valueEnd(dataBytes, value, tag);
            if (tag == POINTS_TAG) {
                int body = Bytes.varintEnd(dataBytes, value);
                to = Splice.writeField(
                        dataBytes, body, at - body, points, point++, OtlpFields.number(tag), scratch, to);
            } else {
                System.arraycopy(dataBytes, field, scratch, to, at - field);
                to += at - field;
            }
        }
    }

    private void index() {
        Overlay edits = overlay;
        if (indexed && (edits == null || edits.version() == indexedVersion)) {
            return;
        }
        indexed = true;
        nameBytes = bytes;
        nameAt = offset;
        nameEnd = offset;
        dataBytes = bytes;
        dataTag = 0;
        dataAt = offset;
        dataEnd = offset;
        fields(bytes, offset, limit);
        if (edits != null) {
            indexedVersion = edits.version();
            if (edits.edited(element)) {
                for (int i = edits.firstField(element); i != Overlay.NONE; i = edits.nextField(i)) {
                    fields(edits.arena(), edits.fieldOffset(i), edits.fieldOffset(i) + edits.fieldLength(i));
                }
            }
        }
        openPoints();
    }

    private void fields(byte[] b, int start, int end) {
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int value = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, value, tag);
            switch (tag) {
                case OtlpFields.METRIC_NAME -> {
                    nameBytes = b;
                    nameAt = Bytes.varintEnd(b, value);
                    nameEnd = at;
                }
                case OtlpFields.METRIC_GAUGE,
                        OtlpFields.METRIC_SUM,
                        OtlpFields.METRIC_HISTOGRAM,
                        OtlpFields.METRIC_EXPONENTIAL_HISTOGRAM,
                        OtlpFields.METRIC_SUMMARY -> {
                    dataBytes = b;
                    dataTag = tag;
                    dataAt = Bytes.varintEnd(b, value);
                    dataEnd = at;
                }
                default -> {}
            }
        }
    }

    private void openPoints() {
        points = switch (dataTag) {
            case OtlpFields.METRIC_HISTOGRAM -> histogramPoints;
            case OtlpFields.METRIC_EXPONENTIAL_HISTOGRAM -> exponentialPoints;
            case OtlpFields.METRIC_SUMMARY -> summaryPoints;
            default -> numberPoints;
        };
        pointCount = 0;
        for (int at = dataAt; at < dataEnd; ) {
            int tag = (int) Bytes.varintAt(dataBytes, at);
            at = Bytes.valueEnd(dataBytes, Bytes.varintEnd(dataBytes, at), tag);
            pointCount += tag == POINTS_TAG ? 1 : 0;
        }
        points.reset(pointCount);
        nextPointAt = dataAt;
        nextPoint = 0;
    }
}
