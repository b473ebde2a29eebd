package io.spanweir.graph;

import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.Splice;
import io.spanweir.data.SplicedRun;

/**
 * Stands before a branch that may edit what other branches still read: gives it a part of its own. A part without edits shares
 * its bytes; one with edits is spliced into an array of this lane first. Threading: lane.
 */
final class CleanCopy implements PartConsumer {
    private static final int TRACE_ID_BYTES = 16;

    private final PartConsumer next;
    private final BatchPart copy = new BatchPart();
    private final ItemCursor cursor = new ItemCursor();
    private byte[] spliced = new byte[16 * 1024];
    private int used;

    CleanCopy(PartConsumer next) {
        this.next = next;
    }

    @Override
    public void accept(BatchPart part) {
        copy.clear(part.signal());
        used = 0;
        boolean edited = part.edited();
        for (int group = 0; group < part.groupCount(); group++) {
            copyGroup(part, group, edited);
        }
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            copyRun(part, run, element, edited);
            element += part.runElementCount(run);
        }
        if (part.whole() && !edited) {
            copy.wholeMessage(part.messageBytes(), part.messageOffset(), part.messageLength());
        }
        copy.settlement(part.settlement());
        copy.metadata(part.metadata());
        next.accept(copy);
    }

    private void copyGroup(BatchPart part, int group, boolean edited) {
        byte[] bytes = part.groupBytes(group);
        int resource = part.resourcePrefixOffset(group);
        int resourceLength = part.resourcePrefixLength(group);
        int scope = part.scopePrefixOffset(group);
        int scopeLength = part.scopePrefixLength(group);
        if (!edited || !(part.resources().edited(group) || part.scopes().edited(group))) {
            int same = copy.addGroup(
                    bytes,
                    resource,
                    resourceLength,
                    part.resourceSuffixOffset(group),
                    part.resourceSuffixLength(group),
                    scope,
                    scopeLength,
                    part.scopeSuffixOffset(group),
                    part.scopeSuffixLength(group));
            copy.identifyGroup(same, part.groupIdentity(group));
            return;
        }
        int newResource = Splice.prefixLength(bytes, resource, resourceLength, part.resources(), group);
        int newScope = Splice.prefixLength(bytes, scope, scopeLength, part.scopes(), group);
        int resourceSuffix = part.resourceSuffixLength(group);
        int scopeSuffix = part.scopeSuffixLength(group);
        byte[] target = room(newResource + newScope + resourceSuffix + scopeSuffix);
        int at = used;
        Splice.writePrefix(bytes, resource, resourceLength, part.resources(), group, target, at);
        Splice.writePrefix(bytes, scope, scopeLength, part.scopes(), group, target, at + newResource);
        int suffixes = at + newResource + newScope;
        System.arraycopy(bytes, part.resourceSuffixOffset(group), target, suffixes, resourceSuffix);
        System.arraycopy(bytes, part.scopeSuffixOffset(group), target, suffixes + resourceSuffix, scopeSuffix);
        used = suffixes + resourceSuffix + scopeSuffix;
        copy.addGroup(
                target,
                at,
                newResource,
                suffixes,
                resourceSuffix,
                at + newResource,
                newScope,
                suffixes + resourceSuffix,
                scopeSuffix);
    }

    private void copyRun(BatchPart part, int run, int firstElement, boolean edited) {
        byte[] bytes = part.runBytes(run);
        if (!edited || !part.items().anyEdited(firstElement, part.runElementCount(run))) {
            copy.addRun(
                    part.runGroup(run),
                    bytes,
                    part.runOffset(run),
                    part.runLength(run),
                    part.runItemCount(run),
                    part.runElementCount(run),
                    part.runTraceIdOffset(run));
            return;
        }
        int length = SplicedRun.length(part, run, firstElement, cursor);
        byte[] target = room(length + TRACE_ID_BYTES);
        int start = used;
        SplicedRun.write(part, run, firstElement, cursor, target, start);
        used += length;
        int traceId = part.runTraceIdOffset(run);
        int traceIdCopy = traceId;
        if (traceId != BatchPart.NO_TRACE_ID) {
            traceIdCopy = used;
            System.arraycopy(bytes, traceId, target, used, TRACE_ID_BYTES);
        }
        copy.addRun(
                part.runGroup(run),
                target,
                start,
                used - start,
                part.runItemCount(run),
                part.runElementCount(run),
                traceIdCopy);
        used += TRACE_ID_BYTES;
    }

    /** An array with room behind {@link #used}: what was written before stays where parts refer to it. */
    private byte[] room(int length) {
        if (spliced.length - used < length) {
            spliced = new byte[Math.max(length, spliced.length * 2)];
            used = 0;
        }
        return spliced;
    }
}
