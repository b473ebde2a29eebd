package io.spanweir.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a configuration, or a part of one, comes from: what stands after {@code --config} and between <code>${</code> and
 * {@code }}. Threading: any thread, immutable.
 *
 * @param argument path, variable or text; for {@link Kind#UNKNOWN} the scheme
 */
record ConfigSource(Kind kind, String argument) {
    enum Kind {
        FILE,
        ENVIRONMENT,
        YAML,
        /** {@code http:} and {@code https:}, which the collector reads and Spanweir does not. */
        NETWORK,
        UNKNOWN
    }

    static final String NETWORK_REFUSED =
            "a configuration is not read over the network; fetch it before the start and name the file";

    /** Scheme names have two letters or more. Source: collector, confmap/provider.go. */
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);

    /** A source of {@code --config}; what has no scheme is a path. */
    static ConfigSource parse(String uri) {
        Matcher matcher = SCHEME.matcher(uri);
        return matcher.matches() ? of(matcher.group(1), matcher.group(2)) : new ConfigSource(Kind.FILE, uri);
    }

    /** A reference inside of a value; what has no scheme is a variable. */
    static ConfigSource parseReference(String reference) {
        Matcher matcher = SCHEME.matcher(reference);
        if (!matcher.matches() || matcher.group(2).startsWith("-")) {
            return new ConfigSource(Kind.ENVIRONMENT, reference);
        }
        return of(matcher.group(1), matcher.group(2));
    }

    private static ConfigSource of(String scheme, String argument) {
        return switch (scheme) {
            case "file" -> new ConfigSource(Kind.FILE, argument);
            case "env" -> new ConfigSource(Kind.ENVIRONMENT, argument);
            case "yaml" -> new ConfigSource(Kind.YAML, argument);
            case "http", "https" -> new ConfigSource(Kind.NETWORK, scheme + ":" + argument);
            default -> new ConfigSource(Kind.UNKNOWN, scheme);
        };
    }
}
