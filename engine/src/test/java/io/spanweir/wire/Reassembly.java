package io.spanweir.wire;

/** Writes a request from an index the obvious way. */
public final class Reassembly {
    private Reassembly() {}

    /** Everything that the index refers to. */
    public static byte[] of(byte[] bytes, OtlpIndex index) {
        WireWriter out = new WireWriter();
        for (int group = 0; group < index.groupCount(); ) {
            int resource = out.begin(1);
            out.raw(bytes, index.resourcePrefixOffset(group), index.resourcePrefixLength(group));
            int first = group;
            for (; group < index.groupCount() && index.sameResource(first, group); group++) {
                int scope = out.begin(2);
                out.raw(bytes, index.scopePrefixOffset(group), index.scopePrefixLength(group));
                for (int run = 0; run < index.runCount(); run++) {
                    if (index.runGroup(run) == group) {
                        out.raw(bytes, index.runOffset(run), index.runLength(run));
                    }
                }
                out.raw(bytes, index.scopeSuffixOffset(group), index.scopeSuffixLength(group));
                out.end(scope);
            }
            out.raw(bytes, index.resourceSuffixOffset(first), index.resourceSuffixLength(first));
            out.end(resource);
        }
        return out.toByteArray();
    }
}
