package io.spanweir.perf.spike;

import io.spanweir.memory.TransitRegion;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The variant that was not built: a waiting run is kept where it was received, by a hold on its transit segment. The most
 * favourable form: one region a message, one hold a run, flat arrays, group and index left in the same segment. Records are
 * named by a number. Threading: lane.
 */
final class ReferenceHeld {
    private static final int INITIAL = 1024;

    private @Nullable TransitRegion[] regions = new TransitRegion[INITIAL];
    private int[] offsets = new int[INITIAL];
    private int[] lengths = new int[INITIAL];
    private int[] groups = new int[INITIAL];
    private int[] nexts = new int[INITIAL];
    private int free = -1;
    private int used;
    private long liveBytes;

    /** Holds a run and makes it the one after {@code previous}, or the first of a chain with -1. */
    int hold(int previous, TransitRegion region, int group, int offset, int lengthBytes) {
        int record = free;
        if (record >= 0) {
            free = nexts[record];
        } else {
            record = used++;
            if (record == regions.length) {
                grow();
            }
        }
        region.retain(1);
        regions[record] = region;
        offsets[record] = offset;
        lengths[record] = lengthBytes;
        groups[record] = group;
        nexts[record] = -1;
        if (previous >= 0) {
            nexts[previous] = record;
        }
        liveBytes += lengthBytes;
        return record;
    }

    void freeChain(int first) {
        int record = first;
        while (record >= 0) {
            int next = nexts[record];
            TransitRegion region = regions[record];
            if (region == null) {
                throw new IllegalStateException("record " + record + " freed twice");
            }
            region.release();
            regions[record] = null;
            liveBytes -= lengths[record];
            nexts[record] = free;
            free = record;
            record = next;
        }
    }

    long liveBytes() {
        return liveBytes;
    }

    private void grow() {
        int length = regions.length * 2;
        regions = Arrays.copyOf(regions, length);
        offsets = Arrays.copyOf(offsets, length);
        lengths = Arrays.copyOf(lengths, length);
        groups = Arrays.copyOf(groups, length);
        nexts = Arrays.copyOf(nexts, length);
    }
}
