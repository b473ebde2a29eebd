package io.spanweir.net;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a request body may be compressed, named as the collector names it. */
public enum ContentEncoding {
    IDENTITY(""),
    GZIP("gzip"),
    ZSTD("zstd"),
    ZLIB("zlib"),
    /** Snappy's block format, the whole body one block. */
    SNAPPY("snappy"),
    /** A zlib stream, which is what HTTP means by the name; a stream without its header is taken too. */
    DEFLATE("deflate"),
    /** The LZ4 frame format. */
    LZ4("lz4"),
    /** Snappy's stream format. */
    SNAPPY_FRAMED("x-snappy-framed");

    private final String token;

    ContentEncoding(String token) {
        this.token = token;
    }

    /** As in {@code Content-Encoding} and {@code compression_algorithms}; empty for {@link #IDENTITY}. */
    public String token() {
        return token;
    }

    /** The encoding of a header value in any case; absent, empty and {@code identity} are none; null when unknown. */
    public static @Nullable ContentEncoding of(@Nullable String header) {
        String name = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
        if (name.equals("identity") || name.equals("none")) {
            return IDENTITY;
        }
        for (ContentEncoding one : values()) {
            if (one.token.equals(name)) {
                return one;
            }
        }
        return null;
    }
}
