package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code include} or {@code exclude}: what an item must be to match. Different options must all match; of the items of one
 * option one must, except that all of {@code attributes} and all of {@code resources} must.
 *
 * @param logSeverityNumber null when any number matches
 */
public record MatchConfig(
        TextMatch match,
        Map<String, List<String>> texts,
        List<AttributeMatchConfig> attributes,
        List<AttributeMatchConfig> resources,
        List<LibraryMatchConfig> libraries,
        @Nullable SeverityMatchConfig logSeverityNumber) {
    static final String SERVICES = "services";
    static final String SPAN_NAMES = "span_names";
    static final String SPAN_KINDS = "span_kinds";
    static final String LOG_BODIES = "log_bodies";
    static final String LOG_SEVERITY_TEXTS = "log_severity_texts";
    static final String METRIC_NAMES = "metric_names";
    private static final String LOG_SEVERITY_NUMBER = "log_severity_number";
    private static final String ATTRIBUTES = "attributes";
    private static final String RESOURCES = "resources";
    private static final String LIBRARIES = "libraries";

    private static final List<String> TEXTS =
            List.of(SERVICES, SPAN_NAMES, SPAN_KINDS, LOG_BODIES, LOG_SEVERITY_TEXTS, METRIC_NAMES);

    private static final List<String> ALL = List.of(
            SERVICES,
            SPAN_NAMES,
            SPAN_KINDS,
            LOG_BODIES,
            LOG_SEVERITY_TEXTS,
            LOG_SEVERITY_NUMBER,
            METRIC_NAMES,
            ATTRIBUTES,
            RESOURCES,
            LIBRARIES);

    /** What each kind of item has, in the order of {@link #ALL}. */
    private static final Map<Signal, Set<String>> OF_SIGNAL = Map.of(
            Signal.TRACES,
            Set.of(SERVICES, SPAN_NAMES, SPAN_KINDS, ATTRIBUTES, RESOURCES, LIBRARIES),
            Signal.LOGS,
            Set.of(LOG_BODIES, LOG_SEVERITY_TEXTS, LOG_SEVERITY_NUMBER, ATTRIBUTES, RESOURCES, LIBRARIES),
            Signal.METRICS,
            Set.of(METRIC_NAMES, RESOURCES));

    public MatchConfig {
        texts = Map.copyOf(texts);
        attributes = List.copyOf(attributes);
        resources = List.copyOf(resources);
        libraries = List.copyOf(libraries);
    }

    /** Of the option {@code include} or {@code exclude}; null when it is absent or has problems. */
    public static @Nullable MatchConfig decode(ConfigNode section, String option) {
        if (!section.has(option)) {
            return null;
        }
        ConfigNode body = section.child(option);
        MatchConfig config = decodeBody(body);
        body.finish();
        return config;
    }

    private static @Nullable MatchConfig decodeBody(ConfigNode yaml) {
        TextMatch match = TextMatch.decode(yaml);
        Map<String, List<String>> texts = new HashMap<>();
        for (String option : TEXTS) {
            List<String> found = yaml.strings(option).orEmpty();
            if (!found.isEmpty()) {
                texts.put(option, found);
            }
        }
        List<AttributeMatchConfig> attributes =
                yaml.list(ATTRIBUTES, AttributeMatchConfig::decode).orEmpty();
        List<AttributeMatchConfig> resources =
                yaml.list(RESOURCES, AttributeMatchConfig::decode).orEmpty();
        List<LibraryMatchConfig> libraries =
                yaml.list(LIBRARIES, LibraryMatchConfig::decode).orEmpty();
        SeverityMatchConfig severity = yaml.optionalRecord(LOG_SEVERITY_NUMBER, SeverityMatchConfig::decode);
        if (match == null) {
            return null;
        }
        MatchConfig config = new MatchConfig(match, texts, attributes, resources, libraries, severity);
        if (config.options().isEmpty()) {
            yaml.problem("says nothing to match; add at least one of " + String.join(", ", ALL));
        }
        config.check(yaml);
        return config;
    }

    private void check(ConfigNode yaml) {
        if (match.regex()) {
            texts.forEach((option, expressions) -> Expressions.compilable(yaml, option, expressions));
            checkExpressions(yaml, ATTRIBUTES, attributes);
            checkExpressions(yaml, RESOURCES, resources);
            for (int i = 0; i < libraries.size(); i++) {
                ConfigNode item = yaml.child(LIBRARIES).items().get(i);
                Expressions.compile(item, "name", libraries.get(i).name());
                String version = libraries.get(i).version();
                if (version != null) {
                    Expressions.compile(item, "version", version);
                }
            }
            return;
        }
        for (String kind : text(SPAN_KINDS)) {
            if (!SpanKinds.NAMES.contains(kind)) {
                yaml.problem(SPAN_KINDS, SpanKinds.problem(kind));
            }
        }
    }

    private static void checkExpressions(ConfigNode yaml, String option, List<AttributeMatchConfig> matches) {
        for (int i = 0; i < matches.size(); i++) {
            ConstantValue value = matches.get(i).value();
            if (value == null) {
                continue;
            }
            ConfigNode item = yaml.child(option).items().get(i);
            String expression = value.text();
            if (expression == null) {
                item.problem(
                        "value",
                        "\"" + value + "\" is no text, which match_type regexp needs; put it in quotes, or write"
                                + " match_type: strict");
            } else {
                Expressions.compile(item, "value", expression);
            }
        }
    }

    /** The options that are there. */
    private List<String> options() {
        List<String> found = new ArrayList<>();
        for (String option : ALL) {
            boolean there = switch (option) {
                case ATTRIBUTES -> !attributes.isEmpty();
                case RESOURCES -> !resources.isEmpty();
                case LIBRARIES -> !libraries.isEmpty();
                case LOG_SEVERITY_NUMBER -> logSeverityNumber != null;
                default -> texts.containsKey(option);
            };
            if (there) {
                found.add(option);
            }
        }
        return found;
    }

    /** Why a signal's items cannot be matched, continuing a sentence that begins with {@code include} or {@code exclude}. */
    public @Nullable String problemWith(Signal signal) {
        Set<String> possible = OF_SIGNAL.getOrDefault(signal, Set.of());
        for (String option : options()) {
            if (!possible.contains(option)) {
                return "." + option + " does not apply to " + signal.items() + ", which are matched by "
                        + String.join(
                                ", ", ALL.stream().filter(possible::contains).toList())
                        + "; configure another processor for them";
            }
        }
        return null;
    }

    /** The texts of one of the options that have texts; empty when it is absent. */
    List<String> text(String option) {
        return texts.getOrDefault(option, List.of());
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
