package io.spanweir.lane;

import io.spanweir.data.BatchPart;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpIndex;

/**
 * The index of one message as it travels: ints in transit memory, runs grouped by lane.
 *
 * <pre>
 * group count │ per lane: first run, run count │ groups: 8 ints each │ runs: 6 ints each, lane by lane
 * </pre>
 *
 * Offsets of groups and runs count from the array's begin, so the message must lie where it was scanned. Threading: written by
 * the publisher, read by lanes.
 */
final class PackedIndex {
    private static final int GROUP_INTS = 8;
    private static final int RUN_INTS = 6;
    private static final int LANE_INTS = 2;

    /** Groups runs by lane; reused. Threading: one I/O thread. */
    static final class Packer {
        private final LaneMap map;
        private final int laneCount;
        private final int[] laneRuns;
        private final int[] laneNext;
        private int[] runLanes = new int[64];
        private long mask;

        Packer(LaneMap map) {
            this.map = map;
            this.laneCount = map.laneCount();
            this.laneRuns = new int[laneCount];
            this.laneNext = new int[laneCount];
        }

        /** The lanes that have a part of the last message that was assigned. */
        long mask() {
            return mask;
        }

        /** Assigns each run to its lane; with a fixed lane, all to that one. */
        void assign(OtlpIndex index, byte[] bytes, int fixedLane) {
            int runs = index.runCount();
            if (runLanes.length < runs) {
                runLanes = new int[Math.max(runs, runLanes.length * 2)];
            }
            java.util.Arrays.fill(laneRuns, 0);
            mask = 0;
            for (int run = 0; run < runs; run++) {
                int lane = fixedLane >= 0 ? fixedLane : map.laneOf(index, run, bytes);
                runLanes[run] = lane;
                laneRuns[lane]++;
                mask |= 1L << lane;
            }
        }

        int lengthBytes(OtlpIndex index) {
            return 4 * (1 + laneCount * LANE_INTS + index.groupCount() * GROUP_INTS + index.runCount() * RUN_INTS);
        }

        void write(OtlpIndex index, byte[] target, int offset) {
            int at = offset;
            Bytes.putInt(target, at, index.groupCount());
            at += 4;
            int first = 0;
            for (int lane = 0; lane < laneCount; lane++) {
                laneNext[lane] = first;
                Bytes.putInt(target, at, first);
                Bytes.putInt(target, at + 4, laneRuns[lane]);
                first += laneRuns[lane];
                at += 4 * LANE_INTS;
            }
            for (int group = 0; group < index.groupCount(); group++) {
                writeGroup(index, group, target, at);
                at += 4 * GROUP_INTS;
            }
            for (int run = 0; run < index.runCount(); run++) {
                writeRun(index, run, target, at + 4 * RUN_INTS * laneNext[runLanes[run]]++);
            }
        }

        private static void writeGroup(OtlpIndex index, int group, byte[] target, int at) {
            Bytes.putInt(target, at, index.resourcePrefixOffset(group));
            Bytes.putInt(target, at + 4, index.resourcePrefixLength(group));
            Bytes.putInt(target, at + 8, index.resourceSuffixOffset(group));
            Bytes.putInt(target, at + 12, index.resourceSuffixLength(group));
            Bytes.putInt(target, at + 16, index.scopePrefixOffset(group));
            Bytes.putInt(target, at + 20, index.scopePrefixLength(group));
            Bytes.putInt(target, at + 24, index.scopeSuffixOffset(group));
            Bytes.putInt(target, at + 28, index.scopeSuffixLength(group));
        }

        private static void writeRun(OtlpIndex index, int run, byte[] target, int at) {
            Bytes.putInt(target, at, index.runGroup(run));
            Bytes.putInt(target, at + 4, index.runOffset(run));
            Bytes.putInt(target, at + 8, index.runLength(run));
            Bytes.putInt(target, at + 12, index.runItemCount(run));
            Bytes.putInt(target, at + 16, index.runElementCount(run));
            Bytes.putInt(target, at + 20, index.runTraceIdOffset(run));
        }
    }

    private PackedIndex() {}

    /** Fills the part with one lane's runs and the groups of the whole message. Returns whether these are all runs. */
    static boolean read(byte[] index, int offset, int lane, int laneCount, byte[] message, BatchPart part) {
        int groups = Bytes.intAt(index, offset);
        int lanes = offset + 4;
        int firstRun = Bytes.intAt(index, lanes + 8 * lane);
        int runs = Bytes.intAt(index, lanes + 8 * lane + 4);
        int lastLane = lanes + 8 * (laneCount - 1);
        int total = Bytes.intAt(index, lastLane) + Bytes.intAt(index, lastLane + 4);
        int at = lanes + 8 * laneCount;
        for (int group = 0; group < groups; group++) {
            part.addGroup(
                    message,
                    Bytes.intAt(index, at),
                    Bytes.intAt(index, at + 4),
                    Bytes.intAt(index, at + 8),
                    Bytes.intAt(index, at + 12),
                    Bytes.intAt(index, at + 16),
                    Bytes.intAt(index, at + 20),
                    Bytes.intAt(index, at + 24),
                    Bytes.intAt(index, at + 28));
            at += 4 * GROUP_INTS;
        }
        at += 4 * RUN_INTS * firstRun;
        for (int run = 0; run < runs; run++) {
            part.addRun(
                    Bytes.intAt(index, at),
                    message,
                    Bytes.intAt(index, at + 4),
                    Bytes.intAt(index, at + 8),
                    Bytes.intAt(index, at + 12),
                    Bytes.intAt(index, at + 16),
                    Bytes.intAt(index, at + 20));
            at += 4 * RUN_INTS;
        }
        return runs == total;
    }
}
