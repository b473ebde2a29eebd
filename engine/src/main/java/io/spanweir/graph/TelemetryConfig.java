package io.spanweir.graph;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code service.telemetry}: what the program says of itself.
 *
 * @param scrapes where its metrics are served, empty when they are not
 */
public record TelemetryConfig(LogLevel logLevel, LogEncoding logEncoding, List<Scrape> scrapes) {
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    public enum LogEncoding {
        CONSOLE,
        JSON
    }

    /**
     * One Prometheus endpoint.
     *
     * @param unitSuffix whether names end in their unit
     * @param typeSuffix whether counters end in {@code _total}
     */
    public record Scrape(Endpoint endpoint, boolean unitSuffix, boolean typeSuffix) {}

    private static final int PORT = 8888;
    private static final String HOST = "localhost";
    private static final Map<String, LogLevel> LOG_LEVELS = logLevels();
    private static final Map<String, Boolean> METRICS_LEVELS = metricsLevels();
    private static final String NO_EFFECT = "has no effect in this version; remove it";

    public TelemetryConfig {
        scrapes = List.copyOf(scrapes);
    }

    private static Map<String, LogLevel> logLevels() {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        for (LogLevel level : LogLevel.values()) {
            levels.put(level.name().toLowerCase(Locale.ROOT), level);
        }
        for (LogLevel level : LogLevel.values()) {
            levels.put(level.name(), level);
        }
        return levels;
    }

    private static Map<String, Boolean> metricsLevels() {
        Map<String, Boolean> levels = new LinkedHashMap<>();
        levels.put("none", false);
        for (String on : List.of("basic", "normal", "detailed")) {
            levels.put(on, true);
        }
        return levels;
    }

    static TelemetryConfig decode(ConfigNode yaml) {
        yaml.ignored("traces", NO_EFFECT);
        yaml.ignored("resource", NO_EFFECT);
        Logs logs = yaml.record("logs", TelemetryConfig::decodeLogs);
        return new TelemetryConfig(logs.level, logs.encoding, yaml.record("metrics", TelemetryConfig::decodeMetrics));
    }

    private record Logs(LogLevel level, LogEncoding encoding) {}

    private static Logs decodeLogs(ConfigNode yaml) {
        for (String key : List.of(
                "development",
                "output_paths",
                "error_output_paths",
                "sampling",
                "initial_fields",
                "processors",
                "disable_caller",
                "disable_stacktrace",
                "disable_zap_resource")) {
            yaml.ignored(key, "has no effect; logs go to standard error, one line an event");
        }
        return new Logs(
                yaml.enumeration("level", LOG_LEVELS).or(LogLevel.INFO),
                yaml.enumeration("encoding", LogEncoding.class).or(LogEncoding.CONSOLE));
    }

    private static List<Scrape> decodeMetrics(ConfigNode yaml) {
        boolean on = yaml.enumeration("level", METRICS_LEVELS).or(true);
        yaml.ignored("views", NO_EFFECT);
        List<Scrape> scrapes = new ArrayList<>();
        Endpoint address = yaml.endpoint("address").orNull();
        if (address != null) {
            yaml.deprecated(
                    "address",
                    "is the old way to say where metrics are served; write readers with pull.exporter.prometheus");
            scrapes.add(new Scrape(address, true, true));
        }
        boolean listed = yaml.has("readers");
        yaml.list("readers", TelemetryConfig::decodeReader).orEmpty().forEach(scrapes::addAll);
        if (scrapes.isEmpty() && !listed) {
            scrapes.add(new Scrape(new Endpoint(HOST, PORT), true, true));
        }
        return on ? scrapes : List.of();
    }

    private static List<Scrape> decodeReader(ConfigNode yaml) {
        yaml.ignored("periodic", "has no effect; Spanweir's own metrics are scraped: use pull.exporter.prometheus");
        Scrape scrape = yaml.optionalRecord(
                "pull",
                pull -> pull.record(
                        "exporter", exporter -> exporter.record("prometheus", TelemetryConfig::decodePrometheus)));
        return scrape == null ? List.of() : List.of(scrape);
    }

    private static Scrape decodePrometheus(ConfigNode yaml) {
        yaml.ignored("without_scope_info", "has no effect; scope labels are never written");
        yaml.ignored("with_resource_constant_labels", NO_EFFECT);
        yaml.ignored("translation_strategy", NO_EFFECT);
        return new Scrape(
                new Endpoint(
                        yaml.string("host").or(HOST),
                        yaml.integer("port").atLeast(0).atMost(65_535).or(PORT)),
                !yaml.bool("without_units").or(false),
                !yaml.bool("without_type_suffix").or(false));
    }
}
