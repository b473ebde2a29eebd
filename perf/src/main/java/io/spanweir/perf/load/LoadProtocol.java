package io.spanweir.perf.load;

/** How requests travel. */
public enum LoadProtocol {
    /** HTTP/2 without TLS, one unary call a stream, messages not compressed. */
    GRPC(false),
    /** HTTP/1.1, one request under way on a connection, bodies not compressed. */
    HTTP(false),
    /** As {@link #HTTP}, bodies in gzip. */
    HTTP_GZIP(true);

    private final boolean gzip;

    LoadProtocol(boolean gzip) {
        this.gzip = gzip;
    }

    public boolean gzip() {
        return gzip;
    }

    public boolean grpc() {
        return this == GRPC;
    }
}
