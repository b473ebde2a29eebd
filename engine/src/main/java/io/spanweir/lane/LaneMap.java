package io.spanweir.lane;

import io.spanweir.data.BatchPart;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpIndex;

/**
 * Which lane owns what: items with a trace id by a seeded hash of it, others by their resource. The hash mixes all 128 bits, so
 * it is independent of the bits that sampling uses. Threading: any thread, immutable.
 */
final class LaneMap {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private final int laneCount;
    private final long seed;

    LaneMap(int laneCount, long seed) {
        this.laneCount = laneCount;
        this.seed = seed;
    }

    int laneCount() {
        return laneCount;
    }

    int laneOf(OtlpIndex index, int run, byte[] bytes) {
        int traceId = index.runTraceIdOffset(run);
        if (traceId != BatchPart.NO_TRACE_ID) {
            return laneOf(Bytes.longAt(bytes, traceId), Bytes.longAt(bytes, traceId + 8));
        }
        int group = index.runGroup(run);
        return laneOfResource(bytes, index.resourcePrefixOffset(group), index.resourcePrefixLength(group));
    }

    /** The halves in any byte order, but always the same. */
    int laneOf(long half, long otherHalf) {
        long hash = mix(half ^ seed) ^ otherHalf;
        return bounded(mix(hash));
    }

    private int laneOfResource(byte[] bytes, int offset, int length) {
        long hash = seed ^ length;
        int at = offset;
        int end = offset + length;
        for (; at <= end - 8; at += 8) {
            hash = mix(hash ^ Bytes.longAt(bytes, at));
        }
        for (; at < end; at++) {
            hash = mix(hash ^ bytes[at]);
        }
        return bounded(mix(hash));
    }

    private int bounded(long hash) {
        return (int) (((hash >>> 32) * laneCount) >>> 32);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 32)) * MULTIPLIER;
        mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
        return mixed ^ (mixed >>> 32);
    }
}
