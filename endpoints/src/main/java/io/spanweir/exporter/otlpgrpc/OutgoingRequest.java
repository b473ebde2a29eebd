package io.spanweir.exporter.otlpgrpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.spanweir.data.ExportRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request as gRPC takes it: its slices are written into the frame (or the compressor) and nowhere else.
 *
 * <p>gRPC holds a message back while it has no connection, and may write it on a thread that does not know that the call has
 * ended. The bytes of the request are reused after the outcome, so {@link #release} comes before it: from then on there is
 * nothing to write. Threading: any thread; the lock is taken twice a request.
 */
final class OutgoingRequest extends InputStream implements Drainable, KnownLength {
    private final int lengthBytes;
    private @Nullable ExportRequest request;
    private int slice;
    private int offset;

    OutgoingRequest(ExportRequest request) {
        this.request = request;
        this.lengthBytes = request.lengthBytes();
    }

    synchronized void release() {
        request = null;
    }

    private ExportRequest open() throws IOException {
        ExportRequest current = request;
        if (current == null) {
            throw new IOException("the call has ended");
        }
        return current;
    }

    @Override
    public synchronized int drainTo(OutputStream target) throws IOException {
        if (slice == 0 && offset == 0) {
            ExportRequest current = open();
            current.writeTo(target);
            slice = current.sliceCount();
            return lengthBytes;
        }
        throw new IOException("the request was read already");
    }

    /** Bytes that are left, which before the first read is the whole message. */
    @Override
    public synchronized int available() throws IOException {
        ExportRequest current = open();
        int left = -offset;
        for (int index = slice; index < current.sliceCount(); index++) {
            left += current.sliceLength(index);
        }
        return left;
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) throws IOException {
        ExportRequest current = open();
        if (length == 0) {
            return 0;
        }
        while (slice < current.sliceCount()) {
            int some = Math.min(length, current.sliceLength(slice) - offset);
            if (some > 0) {
                System.arraycopy(current.slice(slice), offset, into, from, some);
                offset += some;
                return some;
            }
            slice++;
            offset = 0;
        }
        return -1;
    }
}
