package io.spanweir.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where {@code --otlp-to} sends.
 *
 * @param grpc whether over gRPC, else over HTTP
 * @param endpoint as the exporter of that protocol takes it: {@code host:port} or a URL without {@code /v1/traces}
 * @param tls whether encrypted
 */
record Backend(boolean grpc, String endpoint, boolean tls) {
    private static final int GRPC_PORT = 4317;
    private static final int HTTP_PORT = 4318;
    private static final String TRACES_PATH = "/v1/traces";

    /**
     * Reads what a user writes; the port says more than the scheme, since many write {@code http://…:4317} for gRPC.
     *
     * @throws IllegalArgumentException the message says what would be right
     */
    static Backend parse(String text) {
        int mark = text.indexOf("://");
        String scheme = mark < 0 ? "" : text.substring(0, mark).toLowerCase(Locale.ROOT);
        if (mark >= 0 && !scheme.equals("http") && !scheme.equals("https") && !scheme.equals("grpc")) {
            throw refused(text, "has the scheme \"" + scheme + "\"; write http://, https://, grpc:// or none");
        }
        URI uri = uri(text, mark < 0 ? "none://" + text : text);
        String path = path(uri);
        boolean schemeless = scheme.isEmpty() || scheme.equals("grpc");
        if (schemeless && !path.isEmpty()) {
            throw refused(text, "has a path but no scheme; write \"http://" + text + "\"");
        }
        boolean grpc = uri.getPort() == GRPC_PORT || (schemeless && uri.getPort() != HTTP_PORT);
        if (grpc && !path.isEmpty()) {
            throw refused(text, "has a path, which gRPC on port 4317 does not; for HTTP write port 4318");
        }
        boolean tls = scheme.equals("https");
        if (grpc) {
            return new Backend(true, uri.getHost() + ":" + (uri.getPort() < 0 ? GRPC_PORT : uri.getPort()), tls);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return new Backend(false, (tls ? "https://" : "http://") + uri.getHost() + port + path, tls);
    }

    private static URI uri(String text, String absolute) {
        try {
            URI uri = new URI(absolute);
            if (uri.getHost() == null || uri.getQuery() != null || uri.getUserInfo() != null) {
                throw refused(text, "is no backend; write \"host:4317\" for gRPC or \"http://host:4318\" for HTTP");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw refused(text, "is no backend; write \"host:4317\" for gRPC or \"http://host:4318\" for HTTP");
        }
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String base = path.endsWith(TRACES_PATH) ? path.substring(0, path.length() - TRACES_PATH.length()) : path;
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" " + why);
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<Backend> {
        @Override
        public Backend convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
