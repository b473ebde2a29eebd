package io.spanweir.data;

import io.spanweir.wire.Signal;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One finished OTLP export request on its way out: its bytes in slices. Threading: any thread, immutable between hand-over and
 * outcome; the bytes belong to the engine and are reused after the outcome.
 */
public final class ExportRequest {
    private final Signal signal;
    private final int itemCount;
    private final byte[][] slices;
    private final int[] sliceLengths;
    private final int lengthBytes;
    private final ClientMetadata metadata;

    public ExportRequest(Signal signal, int itemCount, byte[][] slices, int[] sliceLengths, ClientMetadata metadata) {
        this.signal = signal;
        this.itemCount = itemCount;
        this.slices = slices;
        this.sliceLengths = sliceLengths;
        this.metadata = metadata;
        int total = 0;
        for (int length : sliceLengths) {
            total += length;
        }
        this.lengthBytes = total;
    }

    public Signal signal() {
        return signal;
    }

    /** Spans, log records or data points. */
    public int itemCount() {
        return itemCount;
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    public int sliceCount() {
        return slices.length;
    }

    /** The array of a slice; its content begins at 0 and has {@link #sliceLength} bytes. Not to be written or kept. */
    public byte[] slice(int index) {
        return slices[index];
    }

    public int sliceLength(int index) {
        return sliceLengths[index];
    }

    public ClientMetadata metadata() {
        return metadata;
    }

    public void writeTo(OutputStream target) throws IOException {
        for (int i = 0; i < slices.length; i++) {
            target.write(slices[i], 0, sliceLengths[i]);
        }
    }

    /** The message in one array of its own. */
    public byte[] toByteArray() {
        byte[] all = new byte[lengthBytes];
        int at = 0;
        for (int i = 0; i < slices.length; i++) {
            System.arraycopy(slices[i], 0, all, at, sliceLengths[i]);
            at += sliceLengths[i];
        }
        return all;
    }
}
