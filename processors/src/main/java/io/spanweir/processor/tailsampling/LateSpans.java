package io.spanweir.processor.tailsampling;

import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Splice;
import io.spanweir.data.SplicedRun;
import java.util.Arrays;

/**
 * Spans of a received part whose traces were sampled before: they go on at once, without being held, with the received part's
 * settlement and metadata. Threading: lane.
 */
final class LateSpans {
    private static final int NONE = -1;

    private final OutgoingPart out;
    private final ItemCursor cursor = new ItemCursor();
    private int[] groupOf = new int[16];
    private byte[] scratch = new byte[1024];
    private int scratchLength;

    LateSpans(OutgoingPart out) {
        this.out = out;
    }

    /** Goes to a received part. */
    void begin(BatchPart received) {
        int count = received.groupCount();
        if (count > groupOf.length) {
            groupOf = new int[Math.max(count, 2 * groupOf.length)];
        }
        Arrays.fill(groupOf, 0, count, NONE);
        scratchLength = 0;
        out.part().settlement(received.settlement());
        out.part().metadata(received.metadata());
    }

    /** Bytes of what was added. */
    long lengthBytes() {
        return out.lengthBytes();
    }

    /** @param element the number of the run's first span in the received part */
    void add(BatchPart received, int run, int element, long vote) {
        int group = received.runGroup(run);
        if (groupOf[group] == NONE) {
            groupOf[group] = received.edited() ? editedGroup(received, group) : group(received, group);
        }
        byte[] bytes = received.runBytes(run);
        int offset = received.runOffset(run);
        int length = received.runLength(run);
        int traceIdOffset = received.runTraceIdOffset(run);
        if (received.edited()) {
            int from = splice(received, run, element);
            bytes = scratch;
            offset = from;
            length = scratchLength - from;
            traceIdOffset =
                    traceIdOffset == BatchPart.NO_TRACE_ID ? traceIdOffset : out.traceIdOffset(bytes, offset, length);
        }
        out.addRun(groupOf[group], bytes, offset, length, received.runItemCount(run), traceIdOffset, vote);
    }

    /** Hands on what was added. */
    void send() {
        if (out.isEmpty()) {
            out.clear();
        } else {
            out.send();
        }
    }

    private int group(BatchPart from, int group) {
        int added = out.part()
                .addGroup(
                        from.groupBytes(group),
                        from.resourcePrefixOffset(group),
                        from.resourcePrefixLength(group),
                        from.resourceSuffixOffset(group),
                        from.resourceSuffixLength(group),
                        from.scopePrefixOffset(group),
                        from.scopePrefixLength(group),
                        from.scopeSuffixOffset(group),
                        from.scopeSuffixLength(group));
        out.part().identifyGroup(added, from.groupIdentity(group));
        return added;
    }

    /** The four ranges of a group one after the other, edits spliced in. */
    private int editedGroup(BatchPart from, int group) {
        byte[] bytes = from.groupBytes(group);
        int resource = Splice.prefixLength(
                bytes, from.resourcePrefixOffset(group), from.resourcePrefixLength(group), from.resources(), group);
        int scope = Splice.prefixLength(
                bytes, from.scopePrefixOffset(group), from.scopePrefixLength(group), from.scopes(), group);
        int resourceSuffix = from.resourceSuffixLength(group);
        int scopeSuffix = from.scopeSuffixLength(group);
        int at = reserve(resource + scope + resourceSuffix + scopeSuffix);
        int scopeAt = Splice.writePrefix(
                bytes,
                from.resourcePrefixOffset(group),
                from.resourcePrefixLength(group),
                from.resources(),
                group,
                scratch,
                at);
        int suffixAt = Splice.writePrefix(
                bytes,
                from.scopePrefixOffset(group),
                from.scopePrefixLength(group),
                from.scopes(),
                group,
                scratch,
                scopeAt);
        System.arraycopy(bytes, from.resourceSuffixOffset(group), scratch, suffixAt, resourceSuffix);
        int scopeSuffixAt = suffixAt + resourceSuffix;
        System.arraycopy(bytes, from.scopeSuffixOffset(group), scratch, scopeSuffixAt, scopeSuffix);
        return out.part()
                .addGroup(scratch, at, resource, suffixAt, resourceSuffix, scopeAt, scope, scopeSuffixAt, scopeSuffix);
    }

    private int splice(BatchPart received, int run, int element) {
        int at = reserve(SplicedRun.length(received, run, element, cursor));
        SplicedRun.write(received, run, element, cursor, scratch, at);
        return at;
    }

    /** Room at the end. A larger array leaves the smaller one to the runs that refer to it. */
    private int reserve(int length) {
        if (scratch.length - scratchLength < length) {
            scratch = new byte[Math.max(length, 2 * scratch.length)];
            scratchLength = 0;
        }
        int at = scratchLength;
        scratchLength += length;
        return at;
    }
}
