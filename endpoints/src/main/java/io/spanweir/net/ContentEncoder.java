package io.spanweir.net;

import java.io.IOException;
import java.io.OutputStream;

/** Compresses what is sent. Threading: any thread; one stream belongs to one thread at a time. */
public interface ContentEncoder {
    /** The value of {@code Content-Encoding} or {@code grpc-encoding}. */
    String token();

    /**
     * A stream that writes compressed bytes to the target. Closing it ends the compressed data and gives back what it
     * borrowed; the target is flushed by nobody and closed at most once.
     */
    OutputStream stream(OutputStream target) throws IOException;
}
