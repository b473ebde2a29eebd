package io.spanweir.filter;

import io.spanweir.config.ConfigNode;

/**
 * {@code log_severity_number}.
 *
 * @param min the lowest number that matches
 * @param matchUndefined whether records without a number match
 */
public record SeverityMatchConfig(int min, boolean matchUndefined) {
    static SeverityMatchConfig decode(ConfigNode yaml) {
        return new SeverityMatchConfig(
                yaml.integer("min").or(0), yaml.bool("match_undefined").or(false));
    }

    boolean matches(int severityNumber) {
        return severityNumber == 0 ? matchUndefined : severityNumber >= min;
    }
}
