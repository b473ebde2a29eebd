package io.spanweir.wire;

import java.util.Arrays;

/**
 * Where things are in one message of OTLP, as flat arrays: groups, and runs of adjacent items of one trace. All offsets are
 * places in the array that was scanned. A group is a resource and a scope that have items; their bytes are the ranges around
 * the items, so what this version of OTLP does not know survives with them:
 *
 * <pre>
 * ResourceSpans: | resource prefix | tag len ScopeSpans | tag len ScopeSpans | ... | resource suffix |
 * ScopeSpans:    | scope prefix | tag len Span | tag len Span | ... | scope suffix |
 *                                 |<----- run ----->|<- run ->|
 * </pre>
 *
 * Prefixes hold the resource and the scope (field 1), suffixes usually the schema URL. Filled by {@link OtlpScanner} and
 * reused by its next scan. Threading: the thread of the scanner, or any one thread that it is handed to.
 */
public final class OtlpIndex {
    private static final int GROUP_INTS = 8;
    private static final int RESOURCE_PREFIX = 0;
    private static final int RESOURCE_SUFFIX = 2;
    private static final int SCOPE_PREFIX = 4;
    private static final int SCOPE_SUFFIX = 6;

    private static final int RUN_INTS = 6;
    private static final int RUN_GROUP = 0;
    private static final int RUN_OFFSET = 1;
    private static final int RUN_LENGTH = 2;
    private static final int RUN_ITEMS = 3;
    private static final int RUN_ELEMENTS = 4;
    private static final int RUN_TRACE_ID = 5;

    private int[] groups = new int[GROUP_INTS * 4];
    private int[] runs = new int[RUN_INTS * 64];
    private int groupCount;
    private int runCount;
    private int itemCount;
    private int elementCount;

    void clear() {
        groupCount = 0;
        runCount = 0;
        itemCount = 0;
        elementCount = 0;
    }

    int addGroup(int resourceOffset, int resourceLength, int scopeOffset, int scopeLength) {
        int at = groupCount * GROUP_INTS;
        if (at == groups.length) {
            groups = Arrays.copyOf(groups, 2 * groups.length);
        }
        groups[at + RESOURCE_PREFIX] = resourceOffset;
        groups[at + RESOURCE_PREFIX + 1] = resourceLength;
        groups[at + SCOPE_PREFIX] = scopeOffset;
        groups[at + SCOPE_PREFIX + 1] = scopeLength;
        return groupCount++;
    }

    void resourceSuffix(int group, int offset, int length) {
        groups[group * GROUP_INTS + RESOURCE_SUFFIX] = offset;
        groups[group * GROUP_INTS + RESOURCE_SUFFIX + 1] = length;
    }

    void scopeSuffix(int group, int offset, int length) {
        groups[group * GROUP_INTS + SCOPE_SUFFIX] = offset;
        groups[group * GROUP_INTS + SCOPE_SUFFIX + 1] = length;
    }

    void addRun(int group, int offset, int traceIdOffset) {
        int at = runCount * RUN_INTS;
        if (at == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        runs[at + RUN_GROUP] = group;
        runs[at + RUN_OFFSET] = offset;
        runs[at + RUN_ITEMS] = 0;
        runs[at + RUN_ELEMENTS] = 0;
        runs[at + RUN_TRACE_ID] = traceIdOffset;
        runCount++;
    }

    /** Adds an element that ends at an offset to the last run. */
    void extendRun(int end, int items) {
        int at = (runCount - 1) * RUN_INTS;
        runs[at + RUN_LENGTH] = end - runs[at + RUN_OFFSET];
        runs[at + RUN_ITEMS] += items;
        runs[at + RUN_ELEMENTS]++;
        itemCount += items;
        elementCount++;
    }

    /** Spans, log records or data points. */
    public int itemCount() {
        return itemCount;
    }

    /** Spans, log records or metrics. */
    public int elementCount() {
        return elementCount;
    }

    public int groupCount() {
        return groupCount;
    }

    public int runCount() {
        return runCount;
    }

    /** Bytes that the entries of this index take; what a holder of a copy is charged. */
    public int usedBytes() {
        return 4 * (groupCount * GROUP_INTS + runCount * RUN_INTS);
    }

    /** Of {@code ResourceSpans}, {@code ResourceLogs} or {@code ResourceMetrics}: what precedes the scopes. */
    public int resourcePrefixOffset(int group) {
        return groups[group * GROUP_INTS + RESOURCE_PREFIX];
    }

    public int resourcePrefixLength(int group) {
        return groups[group * GROUP_INTS + RESOURCE_PREFIX + 1];
    }

    /** What follows the scopes, usually {@code schema_url}. */
    public int resourceSuffixOffset(int group) {
        return groups[group * GROUP_INTS + RESOURCE_SUFFIX];
    }

    public int resourceSuffixLength(int group) {
        return groups[group * GROUP_INTS + RESOURCE_SUFFIX + 1];
    }

    /** Of {@code ScopeSpans}, {@code ScopeLogs} or {@code ScopeMetrics}: what precedes the items. */
    public int scopePrefixOffset(int group) {
        return groups[group * GROUP_INTS + SCOPE_PREFIX];
    }

    public int scopePrefixLength(int group) {
        return groups[group * GROUP_INTS + SCOPE_PREFIX + 1];
    }

    /** What follows the items, usually {@code schema_url}. */
    public int scopeSuffixOffset(int group) {
        return groups[group * GROUP_INTS + SCOPE_SUFFIX];
    }

    public int scopeSuffixLength(int group) {
        return groups[group * GROUP_INTS + SCOPE_SUFFIX + 1];
    }

    /** The groups of one resource follow each other and have the same prefix. */
    public boolean sameResource(int group, int otherGroup) {
        return resourcePrefixOffset(group) == resourcePrefixOffset(otherGroup);
    }

    public int runGroup(int run) {
        return runs[run * RUN_INTS + RUN_GROUP];
    }

    /** Where the tag of the first item is. */
    public int runOffset(int run) {
        return runs[run * RUN_INTS + RUN_OFFSET];
    }

    /** Bytes of all items with their tags and lengths. */
    public int runLength(int run) {
        return runs[run * RUN_INTS + RUN_LENGTH];
    }

    /** Spans, log records or data points. */
    public int runItemCount(int run) {
        return runs[run * RUN_INTS + RUN_ITEMS];
    }

    /** Spans, log records or metrics. */
    public int runElementCount(int run) {
        return runs[run * RUN_INTS + RUN_ELEMENTS];
    }

    /** Where the 16 bytes of the trace id of a run are; -1 when its items have none (absent or all zero), and for metrics. */
    public int runTraceIdOffset(int run) {
        return runs[run * RUN_INTS + RUN_TRACE_ID];
    }
}
