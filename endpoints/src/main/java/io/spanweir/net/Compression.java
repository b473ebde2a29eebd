package io.spanweir.net;

import io.spanweir.config.ConfigNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The compressions of exporters, named as the collector names them; gzip unless told otherwise. */
public enum Compression {
    NONE("none"),
    GZIP("gzip"),
    ZSTD("zstd"),
    /** The block format, one block for the whole body. */
    SNAPPY("snappy"),
    /** Snappy's stream format. */
    SNAPPY_FRAMED("x-snappy-framed"),
    /** A zlib stream under the name {@code zlib}. */
    ZLIB("zlib"),
    /** A zlib stream under the name {@code deflate}, which is what HTTP means by it. */
    DEFLATE("deflate"),
    /** The LZ4 frame format. */
    LZ4("lz4");

    private final String token;

    Compression(String token) {
        this.token = token;
    }

    /** As in {@code Content-Encoding}. */
    public String token() {
        return token;
    }

    /** {@code compression} of an HTTP client; empty text is {@code none}. */
    public static Compression decodeHttp(ConfigNode yaml) {
        return decode(yaml, values());
    }

    /** {@code compression} of a gRPC client; empty text is {@code none}. */
    public static Compression decodeGrpc(ConfigNode yaml) {
        return decode(yaml, GZIP, ZSTD, SNAPPY, NONE);
    }

    private static Compression decode(ConfigNode yaml, Compression... allowed) {
        if ("".equals(yaml.string("compression").orNull())) {
            return NONE;
        }
        Map<String, Compression> names = new LinkedHashMap<>();
        for (Compression one : allowed) {
            names.put(one.token, one);
        }
        return yaml.enumeration("compression", names).or(GZIP);
    }
}
