package io.spanweir.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers browsers that ask whether a page of another origin may send. Source: Fetch Standard, "CORS protocol"; credentials
 * are allowed and methods are GET, HEAD and POST, as in the collector. Threading: any thread, immutable.
 */
final class Cors {
    private static final String ANY = "*";
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
    private static final List<String> ALWAYS_ALLOWED =
            List.of("accept", "accept-language", "content-language", "content-type", "origin", "x-requested-with");

    private final CorsConfig config;
    private final boolean anyHeader;

    Cors(CorsConfig config) {
        this.config = config;
        this.anyHeader = config.allowedHeaders().contains(ANY);
    }

    static boolean isPreflight(HttpCall call) {
        return call.method().equals("OPTIONS")
                && call.header(HttpHeaderNames.ORIGIN) != null
                && call.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    /** 204; with permission in its headers, or without. */
    HttpReply preflight(HttpCall call) {
        HttpReply answer = HttpReply.empty(204)
                .with("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        String method = call.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        String asked = call.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        String headers = asked == null ? "" : asked;
        if (!allows(call.header(HttpHeaderNames.ORIGIN)) || !METHODS.contains(method) || !headersAllowed(headers)) {
            return answer;
        }
        answer = answer.with("Access-Control-Allow-Methods", String.valueOf(method));
        if (!headers.isBlank()) {
            answer = answer.with("Access-Control-Allow-Headers", headers);
        }
        long seconds = config.maxAge().toSeconds();
        return seconds > 0 ? answer.with("Access-Control-Max-Age", Long.toString(seconds)) : answer;
    }

    /** Adds what every answer to a page of an allowed origin has. */
    void decorate(HttpCall call, HttpHeaders answer) {
        String origin = call.header(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return;
        }
        if (!answer.contains(HttpHeaderNames.VARY)) {
            answer.set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        if (!allows(origin)) {
            return;
        }
        // With "*" the answer is "*" too: echoing every origin beside "credentials" would open cookies to all of them.
        answer.set(
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
                config.allowedOrigins().contains(ANY) ? ANY : origin);
        answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        if (!config.exposedHeaders().isEmpty() && !isPreflight(call)) {
            answer.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", config.exposedHeaders()));
        }
    }

    private boolean allows(@Nullable String origin) {
        if (origin == null) {
            return false;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        for (String pattern : config.allowedOrigins()) {
            if (matches(pattern.toLowerCase(Locale.ROOT), lower)) {
                return true;
            }
        }
        return false;
    }

    /** {@code *} stands for any text, also none. */
    static boolean matches(String pattern, String text) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(text);
        }
        String last = parts[parts.length - 1];
        if (!text.startsWith(parts[0]) || text.length() < parts[0].length() + last.length() || !text.endsWith(last)) {
            return false;
        }
        int at = parts[0].length();
        int end = text.length() - last.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0 || found + parts[i].length() > end) {
                return false;
            }
            at = found + parts[i].length();
        }
        return true;
    }

    private boolean headersAllowed(String asked) {
        return anyHeader
                || Arrays.stream(asked.split(","))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .allMatch(name -> name.isEmpty()
                                || ALWAYS_ALLOWED.contains(name)
                                || config.allowedHeaders().stream().anyMatch(name::equalsIgnoreCase));
    }
}
