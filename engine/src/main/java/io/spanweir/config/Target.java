package io.spanweir.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A peer that is connected to: {@code host:port}, {@code http://host}, {@code https://host/path} or
 * {@code dns:///host:port}. Threading: any thread, immutable.
 *
 * @param scheme how the peer was written
 * @param host name or address without brackets; never empty
 * @param port 1 to 65535; the default of the scheme when none was written
 * @param path with its leading slash, query included; empty when none was written
 */
public record Target(Scheme scheme, String host, int port, String path) {
    /** How the peer was written. */
    public enum Scheme {
        /** {@code host:port}. */
        NONE(-1),
        /** Plain text; port 80 unless written. */
        HTTP(80),
        /** TLS; port 443 unless written. */
        HTTPS(443),
        /** gRPC's spelling of "resolve the name, use all its addresses": {@code dns:///host:port}; port 443 unless written. */
        DNS(443);

        private final int defaultPort;

        Scheme(int defaultPort) {
            this.defaultPort = defaultPort;
        }
    }

    private static final String SUPPORTED = "\"host:port\", \"http://\", \"https://\" or \"dns:///\"";

    /** {@code host:port}, with brackets around an IPv6 address: what a log line or a metric label shows. */
    public String authority() {
        return new Endpoint(host, port).toString();
    }

    /** As it was written, the port always named. */
    @Override
    public String toString() {
        return switch (scheme) {
            case NONE -> authority();
            case DNS -> "dns:///" + authority();
            case HTTP, HTTPS -> scheme.name().toLowerCase(Locale.ROOT) + "://" + authority() + path;
        };
    }

    /** The target, or null when {@link #problem} has something to say. */
    static @Nullable Target parse(String text) {
        if (problem(text) != null) {
            return null;
        }
        Scheme scheme = schemeOf(text);
        String rest = rest(text, scheme);
        int slash = pathStart(rest);
        Endpoint endpoint = Endpoint.parse(withPort(rest.substring(0, slash), scheme));
        return endpoint == null ? null : new Target(scheme, endpoint.host(), endpoint.port(), rest.substring(slash));
    }

    /** What is wrong with the text and what would be right; null when it is a target. */
    static @Nullable String problem(String text) {
        int mark = text.indexOf("://");
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("unix:")) {
            return "Unix sockets are not supported; write " + SUPPORTED;
        }
        Scheme scheme = schemeOf(text);
        if (scheme == Scheme.NONE && mark >= 0) {
            return "scheme " + Texts.quoted(text.substring(0, mark)) + " is not supported; write " + SUPPORTED;
        }
        String rest = rest(text, scheme);
        int slash = pathStart(rest);
        if (slash < rest.length() && (scheme == Scheme.NONE || scheme == Scheme.DNS)) {
            return "a path belongs to \"http://\" or \"https://\"; write "
                    + Texts.quoted(text.substring(0, text.length() - rest.length() + slash));
        }
        String authority = rest.substring(0, slash);
        if (authority.isEmpty() || authority.startsWith(":")) {
            String usual = scheme == Scheme.HTTP || scheme == Scheme.HTTPS ? ":4318" : ":4317";
            String port = authority.length() > 1 && Endpoint.problem(authority) == null ? authority : usual;
            return Texts.quoted(text) + " names no host; write "
                    + Texts.quoted(text.substring(0, text.length() - rest.length()) + "localhost" + port);
        }
        if (authority.indexOf('@') >= 0) {
            return "has a user name or password before the host; set an \"authorization\" header or an authenticator";
        }
        String withPort = withPort(authority, scheme);
        String problem = Endpoint.problem(withPort);
        if (problem != null) {
            return problem;
        }
        return withPort.endsWith(":0") ? "port 0 cannot be connected to" : null;
    }

    private static Scheme schemeOf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://")) {
            return Scheme.HTTP;
        }
        if (lower.startsWith("https://")) {
            return Scheme.HTTPS;
        }
        return lower.startsWith("dns:///") ? Scheme.DNS : Scheme.NONE;
    }

    private static String rest(String text, Scheme scheme) {
        return switch (scheme) {
            case NONE -> text;
            case HTTP, DNS -> text.substring("http://".length());
            case HTTPS -> text.substring("https://".length());
        };
    }

    private static int pathStart(String rest) {
        for (int index = 0; index < rest.length(); index++) {
            char letter = rest.charAt(index);
            if (letter == '/' || letter == '?' || letter == '#') {
                return index;
            }
        }
        return rest.length();
    }

    private static String withPort(String authority, Scheme scheme) {
        boolean portless = authority.lastIndexOf(':') <= authority.lastIndexOf(']');
        boolean bareName = authority.indexOf(':') < 0 || authority.endsWith("]");
        return scheme.defaultPort > 0 && !authority.isEmpty() && portless && bareName
                ? authority + ":" + scheme.defaultPort
                : authority;
    }
}
