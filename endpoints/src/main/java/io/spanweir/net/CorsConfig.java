package io.spanweir.net;

import io.spanweir.config.ConfigNode;
import java.time.Duration;
import java.util.List;

/**
 * {@code cors}: which pages of other origins browsers may let send. Source of names, defaults and rules: collector,
 * config/confighttp.
 *
 * @param allowedOrigins with {@code *} for any text; empty switches CORS off
 * @param allowedHeaders beside those that browsers always allow; {@code *} for all
 * @param maxAge how long a browser may remember the answer; zero leaves that to the browser
 */
public record CorsConfig(
        List<String> allowedOrigins, List<String> allowedHeaders, List<String> exposedHeaders, Duration maxAge) {
    public CorsConfig {
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedHeaders = List.copyOf(allowedHeaders);
        exposedHeaders = List.copyOf(exposedHeaders);
    }

    static CorsConfig decode(ConfigNode yaml) {
        CorsConfig config = new CorsConfig(
                yaml.strings("allowed_origins").orEmpty(),
                yaml.strings("allowed_headers").orEmpty(),
                yaml.strings("exposed_headers").orEmpty(),
                maxAge(yaml));
        if (config.allowedOrigins.isEmpty() && (yaml.has("allowed_headers") || yaml.has("exposed_headers"))) {
            yaml.warning("has no effect without \"allowed_origins\"; name the origins or remove this section");
        }
        return config;
    }

    /** Seconds as a plain number, which is how the collector writes it. */
    private static Duration maxAge(ConfigNode yaml) {
        return Duration.ofSeconds(yaml.integer("max_age").atLeast(0).or(0));
    }
}
