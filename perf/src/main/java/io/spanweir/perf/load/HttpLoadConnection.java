package io.spanweir.perf.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 with one request under way. */
final class HttpLoadConnection extends LoadConnection {
    private static final int RESPONSE_MAX = 64 << 10;

    private @Nullable RequestImage sending;
    private boolean waiting;
    private long sinceNanos;
    private final byte[] response = new byte[RESPONSE_MAX];
    private int responseLength;

    HttpLoadConnection(InetSocketAddress server, Selector selector, RequestImages images, Ends ends)
            throws IOException {
        super(server, selector, images, ends);
    }

    @Override
    boolean ready() {
        return !waiting && open();
    }

    @Override
    int underWay() {
        return waiting ? 1 : 0;
    }

    @Override
    void start(long sinceNanos) {
        RequestImage image = images.take(0);
        image.bytes().clear();
        sending = image;
        waiting = true;
        this.sinceNanos = sinceNanos;
    }

    @Override
    boolean flush() throws IOException {
        RequestImage image = sending;
        if (image == null) {
            return true;
        }
        if (!write(image.bytes())) {
            return false;
        }
        images.giveBack(image);
        sending = null;
        return true;
    }

    @Override
    void read(ByteBuffer from) throws IOException {
        int length = from.remaining();
        if (responseLength + length > RESPONSE_MAX) {
            throw new IOException("a response of more than " + RESPONSE_MAX + " bytes");
        }
        from.get(response, responseLength, length);
        responseLength += length;
        int headEnd = headEnd();
        if (headEnd < 0 || !complete(headEnd)) {
            return;
        }
        String status = new String(response, 0, Math.min(12, responseLength), StandardCharsets.US_ASCII);
        responseLength = 0;
        waiting = false;
        ends.ended(this, sinceNanos, status.endsWith(" 200") ? null : "HTTP status" + status.substring(8));
    }

    @Override
    void abandon(String problem) {
        if (sending != null) {
            images.giveBack(sending);
            sending = null;
        }
        if (waiting) {
            waiting = false;
            ends.ended(this, sinceNanos, problem);
        }
    }

    private int headEnd() {
        for (int i = 3; i < responseLength; i++) {
            if (response[i] == '\n' && response[i - 1] == '\r' && response[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean complete(int headEnd) throws IOException {
        String head = new String(response, 0, headEnd, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        String length = HttpSinkConnection.field(head, "content-length");
        if (!length.isEmpty()) {
            return responseLength >= headEnd + Integer.parseInt(length);
        }
        if (HttpSinkConnection.field(head, "transfer-encoding").equals("chunked")) {
            return new String(response, headEnd, responseLength - headEnd, StandardCharsets.US_ASCII)
                    .endsWith("0\r\n\r\n");
        }
        throw new IOException("a response without length: " + head);
    }
}
