package io.spanweir.filter;

import io.spanweir.data.AttributesView;
import io.spanweir.data.LogRecordView;
import io.spanweir.data.MetricView;
import io.spanweir.data.ResourceView;
import io.spanweir.data.ScopeView;
import io.spanweir.data.SpanView;
import io.spanweir.data.ValueView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link MatchConfig}. What concerns the resource and the scope is tested once for a group, the rest for each
 * item. Threading: lane.
 */
final class ItemMatch {
    private static final byte[] SERVICE_NAME = MatchConfig.utf8("service.name");

    /** What a resource without a service name counts as, as in the collector. */
    private static final byte[] NO_SERVICE = MatchConfig.utf8("<nil-service-name>");

    private static final int ANY_KIND = -1;

    private final @Nullable TextTest services;
    private final @Nullable TextTest spanNames;
    private final @Nullable TextTest logBodies;
    private final @Nullable TextTest logSeverityTexts;
    private final @Nullable TextTest metricNames;
    private final int kindMask;
    private final @Nullable SeverityMatchConfig severity;
    private final AttributeTest[] attributes;
    private final AttributeTest[] resources;
    private final LibraryTest[] libraries;
    private final ValueView value = new ValueView();
    private final ValueText text = new ValueText();
    private boolean groupMatches;

    ItemMatch(MatchConfig config) {
        TextMatch match = config.match();
        services = test(config, MatchConfig.SERVICES);
        spanNames = test(config, MatchConfig.SPAN_NAMES);
        logBodies = test(config, MatchConfig.LOG_BODIES);
        logSeverityTexts = test(config, MatchConfig.LOG_SEVERITY_TEXTS);
        metricNames = test(config, MatchConfig.METRIC_NAMES);
        TextTest kinds = test(config, MatchConfig.SPAN_KINDS);
        kindMask = kinds == null ? ANY_KIND : SpanKinds.mask(kinds);
        severity = config.logSeverityNumber();
        attributes = tests(config.attributes(), match);
        resources = tests(config.resources(), match);
        libraries = config.libraries().stream()
                .map(library -> library.compile(match))
                .toArray(LibraryTest[]::new);
    }

    private static @Nullable TextTest test(MatchConfig config, String option) {
        List<String> texts = config.text(option);
        return texts.isEmpty() ? null : config.match().test(texts);
    }

    private static AttributeTest[] tests(List<AttributeMatchConfig> configs, TextMatch match) {
        return configs.stream().map(config -> config.compile(match)).toArray(AttributeTest[]::new);
    }

    void enter(ResourceView resource, ScopeView scope) {
        groupMatches = service(resource.attributes())
                && library(scope)
                && AttributeTest.allMatch(resources, resource.attributes());
    }

    /** Whether some item of the group may match. */
    boolean groupMatches() {
        return groupMatches;
    }

    /** Whether every item of the group matches. */
    boolean wholeGroupMatches() {
        return groupMatches
                && spanNames == null
                && logBodies == null
                && logSeverityTexts == null
                && metricNames == null
                && kindMask == ANY_KIND
                && severity == null
                && attributes.length == 0;
    }

    private boolean service(AttributesView resource) {
        TextTest test = services;
        if (test == null) {
            return true;
        }
        if (!resource.find(SERVICE_NAME, value)) {
            return test.matches(NO_SERVICE, 0, NO_SERVICE.length);
        }
        text.wrap(value);
        return test.matches(text.bytes(), text.offset(), text.length());
    }

    private boolean library(ScopeView scope) {
        for (LibraryTest library : libraries) {
            if (library.matches(scope)) {
                return true;
            }
        }
        return libraries.length == 0;
    }

    boolean matches(SpanView span) {
        return groupMatches
                && (spanNames == null || spanNames.matches(span.nameBytes(), span.nameOffset(), span.nameLength()))
                && (kindMask == ANY_KIND || kind(span.kind()))
                && AttributeTest.allMatch(attributes, span.attributes());
    }

    private boolean kind(int kind) {
        return kind >= 0 && kind < Integer.SIZE && (kindMask & 1 << kind) != 0;
    }

    boolean matches(LogRecordView log) {
        return groupMatches
                && (severity == null || severity.matches(log.severityNumber()))
                && (logSeverityTexts == null
                        || logSeverityTexts.matches(
                                log.severityTextBytes(), log.severityTextOffset(), log.severityTextLength()))
                && body(log)
                && AttributeTest.allMatch(attributes, log.attributes());
    }

    private boolean body(LogRecordView log) {
        TextTest test = logBodies;
        if (test == null) {
            return true;
        }
        text.wrap(log.body(value));
        return test.matches(text.bytes(), text.offset(), text.length());
    }

    boolean matches(MetricView metric) {
        return groupMatches
                && (metricNames == null
                        || metricNames.matches(metric.nameBytes(), metric.nameOffset(), metric.nameLength()));
    }
}
