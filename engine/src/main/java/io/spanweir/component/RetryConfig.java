package io.spanweir.component;

import io.spanweir.config.ConfigNode;
import java.time.Duration;

/**
 * {@code retry_on_failure}: jittered exponential back-off.
 *
 * @param maxElapsedTime after which a request is given up; zero: never
 */
public record RetryConfig(
        boolean enabled,
        Duration initialInterval,
        double randomizationFactor,
        double multiplier,
        Duration maxInterval,
        Duration maxElapsedTime) {
    public static final RetryConfig OFF = new RetryConfig(false, Duration.ZERO, 0, 1, Duration.ZERO, Duration.ZERO);

    /** The collector's defaults. */
    public static final RetryConfig DEFAULT =
            new RetryConfig(true, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(300));

    public static RetryConfig decode(ConfigNode yaml) {
        RetryConfig config = new RetryConfig(
                yaml.bool("enabled").or(DEFAULT.enabled),
                yaml.duration("initial_interval").atLeast(Duration.ZERO).or(DEFAULT.initialInterval),
                yaml.decimal("randomization_factor").atLeast(0.0).atMost(1.0).or(DEFAULT.randomizationFactor),
                yaml.decimal("multiplier").atLeast(0.0).or(DEFAULT.multiplier),
                yaml.duration("max_interval").atLeast(Duration.ZERO).or(DEFAULT.maxInterval),
                yaml.duration("max_elapsed_time").atLeast(Duration.ZERO).or(DEFAULT.maxElapsedTime));
        if (config.enabled && !config.maxElapsedTime.isZero()) {
            if (config.maxElapsedTime.compareTo(config.initialInterval) < 0) {
                yaml.problem(
                        "max_elapsed_time",
                        "is shorter than initial_interval; write at least that, or 0s to retry for ever");
            } else if (config.maxElapsedTime.compareTo(config.maxInterval) < 0) {
                yaml.problem(
                        "max_elapsed_time",
                        "is shorter than max_interval; write at least that, or 0s to retry for ever");
            }
        }
        return config;
    }
}
