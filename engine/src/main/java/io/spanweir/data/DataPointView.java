package io.spanweir.data;

import io.spanweir.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One data point of a metric, of whatever kind, read in place, with the edits that were made to it since its
 * {@link MetricView} was wrapped. Threading: lane.
 */
public final class DataPointView {
    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int length;
    private @Nullable Overlay overlay;
    private int element;
    private final AttributesView attributes = new AttributesView();

    void wrap(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.overlay = overlay;
        this.element = element;
    }

    /** The array of the point as it was when the metric was wrapped. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /**
     * {@code attributes}, at the begin of the walk; the same view each time. Edits count once {@link MetricView#storePoints}
     * is called.
     */
    public AttributesView attributes() {
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("no current point; call nextPoint() first");
        }
        return attributes.wrap(bytes, offset, length, edits, element);
    }
}
