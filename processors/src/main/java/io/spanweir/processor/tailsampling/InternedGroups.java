package io.spanweir.processor.tailsampling;

import io.spanweir.data.BatchPart;
import io.spanweir.data.Splice;
import io.spanweir.memory.HeldGroups;
import java.util.Arrays;

/**
 * The resources and scopes of spans that wait, each held once, with what the span tests say of the resource. Groups of the
 * part that is being taken are looked up once each. The groups seen last stay for a while without records, so that steady
 * traffic makes no garbage. Threading: lane.
 */
final class InternedGroups {
    static final int FULL = HeldGroups.FULL;

    private static final int UNKNOWN = -2;
    private static final int RECENT_COUNT = 64;
    private static final byte[] NOTHING = {};

    private final HeldGroups groups;
    private final SpanObserver observer;
    private final int words;

    // By group of the part that is being taken.
    private int[] idOfPartGroup = new int[16];
    private int partGroupCount;

    // By id. A content that is not the remembered array is another group under an old id.
    private byte[][] content = new byte[16][];
    private long[] identities = new long[16];
    private long[] bits;
    private boolean[] isRecent = new boolean[16];
    private int[] outStamp = new int[16];
    private int[] outGroup = new int[16];
    private int stamp;

    private final int[] recent = new int[RECENT_COUNT];
    private int recentAt;
    private long nextIdentity;

    private byte[] resourceScratch = NOTHING;
    private byte[] scopeScratch = NOTHING;

    /** @param firstIdentity where the numbers begin by which consumers know a group again; different for each component */
    InternedGroups(HeldGroups groups, SpanObserver observer, long firstIdentity) {
        this.groups = groups;
        this.observer = observer;
        this.words = observer.bitWords();
        this.bits = new long[16 * words];
        this.nextIdentity = firstIdentity;
        Arrays.fill(content, NOTHING);
        Arrays.fill(recent, HeldGroups.NONE);
    }

    /** Goes to a part. */
    void begin(BatchPart part) {
        partGroupCount = part.groupCount();
        if (partGroupCount > idOfPartGroup.length) {
            idOfPartGroup = new int[Math.max(partGroupCount, 2 * idOfPartGroup.length)];
        }
        Arrays.fill(idOfPartGroup, 0, partGroupCount, UNKNOWN);
    }

    /** The id of a group of the part, valid until {@link #end} and as long as a record holds it; or {@link #FULL}. */
    int idOf(BatchPart part, int group) {
        int id = idOfPartGroup[group];
        if (id < 0) {
            id = intern(part, group);
            idOfPartGroup[group] = id == FULL ? UNKNOWN : id;
        }
        return id;
    }

    /** Lets go of the groups of the part. */
    void end() {
        for (int group = 0; group < partGroupCount; group++) {
            if (idOfPartGroup[group] >= 0) {
                groups.release(idOfPartGroup[group]);
            }
        }
        partGroupCount = 0;
    }

    /** What tests say of resources; those of a group begin at {@link #bitsIndex}. */
    long[] bits() {
        return bits;
    }

    int bitsIndex(int id) {
        return id * words;
    }

    int lengthBytes(int id) {
        return groups.offset(id, HeldGroups.SCOPE_SUFFIX) + groups.lengthBytes(id, HeldGroups.SCOPE_SUFFIX);
    }

    /** Begins a part that goes out. */
    void beginOut() {
        stamp++;
    }

    /** The number of a group in the part that goes out; adds it if need be. */
    int groupIn(BatchPart out, int id) {
        if (outStamp[id] == stamp) {
            return outGroup[id];
        }
        int group = out.addGroup(
                groups.bytes(id),
                groups.offset(id, HeldGroups.RESOURCE_PREFIX),
                groups.lengthBytes(id, HeldGroups.RESOURCE_PREFIX),
                groups.offset(id, HeldGroups.RESOURCE_SUFFIX),
                groups.lengthBytes(id, HeldGroups.RESOURCE_SUFFIX),
                groups.offset(id, HeldGroups.SCOPE_PREFIX),
                groups.lengthBytes(id, HeldGroups.SCOPE_PREFIX),
                groups.offset(id, HeldGroups.SCOPE_SUFFIX),
                groups.lengthBytes(id, HeldGroups.SCOPE_SUFFIX));
        out.identifyGroup(group, identities[id]);
        outStamp[id] = stamp;
        outGroup[id] = group;
        return group;
    }

    /** Lets go of the groups that have no records. */
    void close() {
        for (int i = 0; i < RECENT_COUNT; i++) {
            if (recent[i] != HeldGroups.NONE) {
                isRecent[recent[i]] = false;
                groups.release(recent[i]);
                recent[i] = HeldGroups.NONE;
            }
        }
    }

    private int intern(BatchPart part, int group) {
        byte[] bytes = part.groupBytes(group);
        byte[] resource = bytes;
        byte[] scope = bytes;
        int resourceOffset = part.resourcePrefixOffset(group);
        int resourceLength = part.resourcePrefixLength(group);
        int scopeOffset = part.scopePrefixOffset(group);
        int scopeLength = part.scopePrefixLength(group);
        if (part.edited()) {
            int length = Splice.prefixLength(bytes, resourceOffset, resourceLength, part.resources(), group);
            resourceScratch = atLeast(resourceScratch, length);
            Splice.writePrefix(bytes, resourceOffset, resourceLength, part.resources(), group, resourceScratch, 0);
            resource = resourceScratch;
            resourceOffset = 0;
            resourceLength = length;
            length = Splice.prefixLength(bytes, scopeOffset, scopeLength, part.scopes(), group);
            scopeScratch = atLeast(scopeScratch, length);
            Splice.writePrefix(bytes, scopeOffset, scopeLength, part.scopes(), group, scopeScratch, 0);
            scope = scopeScratch;
            scopeOffset = 0;
            scopeLength = length;
        }
        groups.part(HeldGroups.RESOURCE_PREFIX, resource, resourceOffset, resourceLength);
        groups.part(
                HeldGroups.RESOURCE_SUFFIX, bytes, part.resourceSuffixOffset(group), part.resourceSuffixLength(group));
        groups.part(HeldGroups.SCOPE_PREFIX, scope, scopeOffset, scopeLength);
        groups.part(HeldGroups.SCOPE_SUFFIX, bytes, part.scopeSuffixOffset(group), part.scopeSuffixLength(group));
        int id = groups.intern();
        if (id != FULL) {
            know(id);
        }
        return id;
    }

    private void know(int id) {
        if (id >= content.length) {
            grow(id + 1);
        }
        byte[] bytes = groups.bytes(id);
        if (content[id] != bytes) {
            content[id] = bytes;
            identities[id] = nextIdentity++;
            if (nextIdentity == 0) {
                nextIdentity = 1;
            }
            observer.resource(
                    bytes,
                    groups.offset(id, HeldGroups.RESOURCE_PREFIX),
                    groups.lengthBytes(id, HeldGroups.RESOURCE_PREFIX),
                    bits,
                    bitsIndex(id));
        }
        if (!isRecent[id]) {
            groups.retain(id);
            isRecent[id] = true;
            int before = recent[recentAt];
            if (before != HeldGroups.NONE) {
                isRecent[before] = false;
                groups.release(before);
            }
            recent[recentAt] = id;
            recentAt = (recentAt + 1) % RECENT_COUNT;
        }
    }

    private void grow(int count) {
        int before = content.length;
        int length = Math.max(count, 2 * before);
        content = Arrays.copyOf(content, length);
        Arrays.fill(content, before, length, NOTHING);
        identities = Arrays.copyOf(identities, length);
        bits = Arrays.copyOf(bits, length * words);
        isRecent = Arrays.copyOf(isRecent, length);
        outStamp = Arrays.copyOf(outStamp, length);
        outGroup = Arrays.copyOf(outGroup, length);
    }

    private static byte[] atLeast(byte[] scratch, int length) {
        return scratch.length >= length ? scratch : new byte[Math.max(length, 2 * scratch.length)];
    }
}
