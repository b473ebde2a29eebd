package io.spanweir.config;

import org.jspecify.annotations.Nullable;

/**
 * Where something listens, or a peer without a scheme: {@code host:port}. Threading: any thread, immutable.
 *
 * @param host name or address without brackets; empty for all interfaces
 * @param port 0 (any free port) to 65535
 */
public record Endpoint(String host, int port) {
    static final int PORT_MAX = 65_535;
    static final int PORT_SUGGESTED = 4317;

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The endpoint, or null when {@link #problem} has something to say. */
    static @Nullable Endpoint parse(String text) {
        return problem(text) == null ? split(text) : null;
    }

    private static Endpoint split(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[");
        return new Endpoint(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** What is wrong with the text and what would be right; null when it is an endpoint. */
    static @Nullable String problem(String text) {
        return problem(text, PORT_SUGGESTED);
    }

    /** The same with another port in what is suggested. */
    static @Nullable String problem(String text, int portSuggested) {
        String quoted = Texts.quoted(text);
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            String rest = text.substring(scheme + 3);
            int slash = rest.indexOf('/');
            String bare = slash < 0 ? rest : rest.substring(0, slash);
            String hint =
                    problem(bare, portSuggested) == null ? "; write " + Texts.quoted(bare) : "; write \"host:port\"";
            return quoted + " has a scheme" + hint;
        }
        if (text.indexOf('/') >= 0 || text.chars().anyMatch(Character::isWhitespace)) {
            return quoted + " is no endpoint; write \"host:port\"";
        }
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (bracketed && (text.indexOf(']') < 0 || text.endsWith("]") || colon != text.indexOf(']') + 1)) {
            return quoted + " has no port; write \"[address]:port\"";
        }
        if (!bracketed && colon >= 0 && text.indexOf(':') != colon) {
            return quoted + " has more than one colon; write an IPv6 address in brackets, as in \"[::1]:"
                    + portSuggested + "\"";
        }
        if (colon < 0) {
            return quoted + " has no port; write "
                    + Texts.quoted((text.isEmpty() ? "localhost" : text) + ":" + portSuggested);
        }
        return portProblem(text.substring(colon + 1));
    }

    private static @Nullable String portProblem(String port) {
        boolean digits = !port.isEmpty() && port.length() <= 9 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits && Integer.parseInt(port) <= PORT_MAX) {
            return null;
        }
        return "port " + Texts.quoted(port) + " is not in 0 to " + PORT_MAX;
    }
}
