package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.Signal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one lane sees of a batch, or what a processor that waited lets go: a table of runs over bytes that lie elsewhere.
 * Threading: lane. Valid only during the call it is passed to; its owner fills it again.
 *
 * <pre>
 * group  four byte ranges of one array: what a ResourceSpans has before and after its scopes, and what a ScopeSpans has
 *        before and after its spans. Resource, scope, schema URLs and unknown fields are read and written through them.
 * run    adjacent items of one group and one trace: contiguous bytes, each item with its tag and length in front.
 * item   a span, a log record, a metric; its ordinal in the part is the element number of the overlay.
 * </pre>
 */
public final class BatchPart {
    /** Offset of the trace id of a run whose items have none. */
    public static final int NO_TRACE_ID = -1;

    private static final int GROUP_INTS = 8;
    private static final int RUN_INTS = 6;

    private Signal signal = Signal.TRACES;
    private int groupCount;
    private int runCount;
    private int itemCount;
    private int elementCount;
    private int[] groups = new int[8 * GROUP_INTS];
    private byte[][] groupBytes = new byte[8][];
    private long[] groupIdentities = new long[8];
    private int[] runs = new int[32 * RUN_INTS];
    private byte[][] runBytes = new byte[32][];
    private byte[] message = Bytes.EMPTY;
    private int messageOffset;
    private int messageLength;
    private final Overlay spans = Overlay.ofSpans();
    private final Overlay logRecords = Overlay.ofLogRecords();
    private final Overlay metrics = Overlay.ofMetrics();
    private final Overlay resources = Overlay.ofResources();
    private final Overlay scopes = Overlay.ofScopes();
    private boolean overlaysReady;
    private @Nullable Settlement settlement;
    private ClientMetadata metadata = ClientMetadata.EMPTY;

    /** Empties the part for reuse. */
    public void clear(Signal signal) {
        this.signal = signal;
        groupCount = 0;
        runCount = 0;
        itemCount = 0;
        elementCount = 0;
        message = Bytes.EMPTY;
        messageLength = 0;
        settlement = null;
        metadata = ClientMetadata.EMPTY;
        overlaysReady = false;
    }

    /** Forgets the edits: another pipeline begins with what came in. */
    public void clearEdits() {
        overlaysReady = false;
    }

    /** Adds a group; the ranges are offset and length in {@code bytes}. Returns its number. */
    public int addGroup(
            byte[] bytes,
            int resourcePrefixOffset,
            int resourcePrefixLength,
            int resourceSuffixOffset,
            int resourceSuffixLength,
            int scopePrefixOffset,
            int scopePrefixLength,
            int scopeSuffixOffset,
            int scopeSuffixLength) {
        if (groupCount == groupBytes.length) {
            groupBytes = Arrays.copyOf(groupBytes, groupCount * 2);
            groupIdentities = Arrays.copyOf(groupIdentities, groupCount * 2);
            groups = Arrays.copyOf(groups, groups.length * 2);
        }
        int at = groupCount * GROUP_INTS;
        groups[at] = resourcePrefixOffset;
        groups[at + 1] = resourcePrefixLength;
        groups[at + 2] = resourceSuffixOffset;
        groups[at + 3] = resourceSuffixLength;
        groups[at + 4] = scopePrefixOffset;
        groups[at + 5] = scopePrefixLength;
        groups[at + 6] = scopeSuffixOffset;
        groups[at + 7] = scopeSuffixLength;
        groupBytes[groupCount] = bytes;
        groupIdentities[groupCount] = 0;
        return groupCount++;
    }

    /** Says that every group with this number other than 0, in any part of this lane, has the same bytes. */
    public void identifyGroup(int group, long identity) {
        groupIdentities[group] = identity;
    }

    /**
     * Adds a run.
     *
     * @param itemCount spans, log records or data points
     * @param elementCount spans, log records or metrics: what the run's bytes are a sequence of
     * @param traceIdOffset where the 16 bytes of the trace id stand, or {@link #NO_TRACE_ID}
     */
    public void addRun(
            int group, byte[] bytes, int offset, int length, int itemCount, int elementCount, int traceIdOffset) {
        if (runCount == runBytes.length) {
            runBytes = Arrays.copyOf(runBytes, runCount * 2);
            runs = Arrays.copyOf(runs, runs.length * 2);
        }
        int at = runCount * RUN_INTS;
        runs[at] = group;
        runs[at + 1] = offset;
        runs[at + 2] = length;
        runs[at + 3] = itemCount;
        runs[at + 4] = elementCount;
        runs[at + 5] = traceIdOffset;
        runBytes[runCount++] = bytes;
        this.itemCount += itemCount;
        this.elementCount += elementCount;
    }

    /** Says that the runs are all there is in one received message, so that it can leave as it came. */
    public void wholeMessage(byte[] bytes, int offset, int length) {
        message = bytes;
        messageOffset = offset;
        messageLength = length;
    }

    public void settlement(@Nullable Settlement settlement) {
        this.settlement = settlement;
    }

    public void metadata(ClientMetadata metadata) {
        this.metadata = metadata;
    }

    public Signal signal() {
        return signal;
    }

    public int groupCount() {
        return groupCount;
    }

    public int runCount() {
        return runCount;
    }

    /** Spans, log records or data points. */
    public int itemCount() {
        return itemCount;
    }

    /** Spans, log records or metrics. */
    public int elementCount() {
        return elementCount;
    }

    public int runGroup(int run) {
        return runs[run * RUN_INTS];
    }

    public byte[] runBytes(int run) {
        return runBytes[run];
    }

    public int runOffset(int run) {
        return runs[run * RUN_INTS + 1];
    }

    public int runLength(int run) {
        return runs[run * RUN_INTS + 2];
    }

    public int runItemCount(int run) {
        return runs[run * RUN_INTS + 3];
    }

    public int runElementCount(int run) {
        return runs[run * RUN_INTS + 4];
    }

    /** Where the trace id of the run stands in its bytes, or {@link #NO_TRACE_ID} when its items have none. */
    public int runTraceIdOffset(int run) {
        return runs[run * RUN_INTS + 5];
    }

    public byte[] groupBytes(int group) {
        return groupBytes[group];
    }

    /** A number that equal groups of this lane share, or 0 when nobody compared them. */
    public long groupIdentity(int group) {
        return groupIdentities[group];
    }

    /** What the resource message has before its scopes: the resource, as a rule. */
    public int resourcePrefixOffset(int group) {
        return groups[group * GROUP_INTS];
    }

    public int resourcePrefixLength(int group) {
        return groups[group * GROUP_INTS + 1];
    }

    /** What the resource message has after its scopes: the schema URL, as a rule. */
    public int resourceSuffixOffset(int group) {
        return groups[group * GROUP_INTS + 2];
    }

    public int resourceSuffixLength(int group) {
        return groups[group * GROUP_INTS + 3];
    }

    public int scopePrefixOffset(int group) {
        return groups[group * GROUP_INTS + 4];
    }

    public int scopePrefixLength(int group) {
        return groups[group * GROUP_INTS + 5];
    }

    public int scopeSuffixOffset(int group) {
        return groups[group * GROUP_INTS + 6];
    }

    public int scopeSuffixLength(int group) {
        return groups[group * GROUP_INTS + 7];
    }

    /** Whether {@link #messageBytes()} is a message of just these runs. Edits must be looked at apart: {@link #edited()}. */
    public boolean whole() {
        return messageLength > 0;
    }

    public byte[] messageBytes() {
        return message;
    }

    public int messageOffset() {
        return messageOffset;
    }

    public int messageLength() {
        return messageLength;
    }

    /** Edits of the spans, log records or metrics; the element is their ordinal in the part. */
    public Overlay items() {
        prepareOverlays();
        return switch (signal) {
            case TRACES -> spans;
            case LOGS -> logRecords;
            case METRICS -> metrics;
        };
    }

    /** Edits of the resources; the element is the group. */
    public Overlay resources() {
        prepareOverlays();
        return resources;
    }

    /** Edits of the scopes; the element is the group. */
    public Overlay scopes() {
        prepareOverlays();
        return scopes;
    }

    public boolean edited() {
        return overlaysReady && items().editedCount() + resources.editedCount() + scopes.editedCount() > 0;
    }

    /** Overlays are sized when somebody asks: most parts are never edited. Nothing may be added to the part afterwards. */
    private void prepareOverlays() {
        if (!overlaysReady) {
            overlaysReady = true;
            items().reset(elementCount);
            resources.reset(groupCount);
            scopes.reset(groupCount);
        }
    }

    public @Nullable Settlement settlement() {
        return settlement;
    }

    public ClientMetadata metadata() {
        return metadata;
    }
}
