package io.spanweir.filter;

import io.spanweir.data.BatchPart;
import io.spanweir.data.LogRecordView;
import io.spanweir.data.MetricView;
import io.spanweir.data.ResourceView;
import io.spanweir.data.ScopeView;
import io.spanweir.data.SpanView;
import org.jspecify.annotations.Nullable;

/**
 * Which items a processor works on: those that match {@code include}, where there is one, and do not match {@code exclude}.
 * Call {@link #enter} for a group, then ask for its items. Allocates nothing for texts that were seen before. Threading: lane.
 */
public final class ItemFilter {
    private final @Nullable ItemMatch include;
    private final @Nullable ItemMatch exclude;
    private final ResourceView resource = new ResourceView();
    private final ScopeView scope = new ScopeView();

    public ItemFilter(@Nullable MatchConfig include, @Nullable MatchConfig exclude) {
        this.include = include == null ? null : new ItemMatch(include);
        this.exclude = exclude == null ? null : new ItemMatch(exclude);
    }

    /** Goes to a group, with the edits that the part has by now; false when none of its items is taken. */
    public boolean enter(BatchPart part, int group) {
        ItemMatch in = include;
        ItemMatch out = exclude;
        if (in == null && out == null) {
            return true;
        }
        byte[] bytes = part.groupBytes(group);
        resource.wrap(
                bytes, part.resourcePrefixOffset(group), part.resourcePrefixLength(group), part.resources(), group);
        scope.wrap(bytes, part.scopePrefixOffset(group), part.scopePrefixLength(group), part.scopes(), group);
        if (in != null) {
            in.enter(resource, scope);
        }
        if (out != null) {
            out.enter(resource, scope);
        }
        return (in == null || in.groupMatches()) && (out == null || !out.wholeGroupMatches());
    }

    public boolean takes(SpanView span) {
        return (include == null || include.matches(span)) && (exclude == null || !exclude.matches(span));
    }

    public boolean takes(LogRecordView log) {
        return (include == null || include.matches(log)) && (exclude == null || !exclude.matches(log));
    }

    public boolean takes(MetricView metric) {
        return (include == null || include.matches(metric)) && (exclude == null || !exclude.matches(metric));
    }
}
