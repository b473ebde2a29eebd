package io.spanweir.memory;

import java.util.Locale;

/**
 * How {@code engine.memory} is split at start. Each part gets its minimum, and of what is left transit 15 %, held 55 %,
 * tables 10 %, export 20 %; transit and held are rounded down to whole segments, export gets the remainder.
 *
 * <table>
 * <caption>Parts</caption>
 * <tr><th>part</th><th>what it holds</th><th>minimum</th></tr>
 * <tr><td>transit</td><td>received messages and their indexes, until every lane has passed them</td><td>2 segments a lane, at
 * least 4</td></tr>
 * <tr><td>held</td><td>spans and log records of traces that wait for a decision</td><td>4 segments a lane</td></tr>
 * <tr><td>tables</td><td>trace tables, decision caches, interned groups</td><td>512 KiB a lane</td></tr>
 * <tr><td>export</td><td>requests on their way out; a decision never waits for room here that only a decision frees</td><td>2
 * MiB</td></tr>
 * </table>
 *
 * @param totalBytes {@code engine.memory}
 * @param lanes number of lanes, at least 1
 * @param segmentLengthBytes length of the array of one segment, a multiple of 8
 * @param transitBytes a multiple of the segment length
 * @param heldBytes a multiple of the segment length
 */
public record MemoryPlan(
        long totalBytes,
        int lanes,
        int segmentLengthBytes,
        long transitBytes,
        long heldBytes,
        long tablesBytes,
        long exportBytes) {
    /** For {@link #of}: 1 MiB, or 64 KiB where less than 64 MiB a lane is to be split. */
    public static final int SEGMENT_AUTO = 0;

    public static final int SEGMENT_LENGTH_BYTES_MIN = 4 << 10;
    public static final int SEGMENT_LENGTH_BYTES_MAX = 64 << 20;

    private static final int SEGMENT_LENGTH_BYTES = 1 << 20;
    private static final int SEGMENT_LENGTH_BYTES_SMALL = 64 << 10;
    private static final long SMALL_PROFILE_BYTES_PER_LANE = 64L << 20;

    private static final int TRANSIT_SEGMENTS_PER_LANE_MIN = 2;
    private static final int TRANSIT_SEGMENTS_MIN = 4;
    private static final int HELD_SEGMENTS_PER_LANE_MIN = 4;
    private static final long TABLES_BYTES_PER_LANE_MIN = 512L << 10;
    private static final long EXPORT_BYTES_MIN = 2L << 20;

    private static final int TRANSIT_PERCENT = 15;
    private static final int HELD_PERCENT = 55;
    private static final int TABLES_PERCENT = 10;

    /**
     * Splits for this process: the length of a segment is fitted to the regions of G1 where that is the collector.
     *
     * @param totalBytes {@code engine.memory} in bytes
     * @param askedSegmentBytes {@code engine.segment_size} in bytes, or {@link #SEGMENT_AUTO}
     * @throws IllegalArgumentException when a minimum does not fit, or the segment length is out of range; the message says
     *     what would do
     */
    public static MemoryPlan of(long totalBytes, int lanes, int askedSegmentBytes) {
        if (lanes < 1) {
            throw new IllegalArgumentException("engine.lanes: " + lanes + ", expected at least 1");
        }
        boolean auto = askedSegmentBytes == SEGMENT_AUTO;
        if (!auto && (askedSegmentBytes < SEGMENT_LENGTH_BYTES_MIN || askedSegmentBytes > SEGMENT_LENGTH_BYTES_MAX)) {
            throw new IllegalArgumentException("engine.segment_size: " + size(askedSegmentBytes) + ", expected "
                    + size(SEGMENT_LENGTH_BYTES_MIN) + " to " + size(SEGMENT_LENGTH_BYTES_MAX) + " or \"auto\"");
        }
        boolean small = totalBytes / lanes < SMALL_PROFILE_BYTES_PER_LANE;
        int asked = !auto ? askedSegmentBytes : small ? SEGMENT_LENGTH_BYTES_SMALL : SEGMENT_LENGTH_BYTES;
        return split(totalBytes, lanes, SegmentLength.fitted(asked));
    }

    /** Splits with exactly this segment length. */
    static MemoryPlan split(long totalBytes, int lanes, int segmentLengthBytes) {
        long segment = segmentLengthBytes;
        long transitMin = Math.max(TRANSIT_SEGMENTS_MIN, (long) TRANSIT_SEGMENTS_PER_LANE_MIN * lanes) * segment;
        long heldMin = (long) HELD_SEGMENTS_PER_LANE_MIN * lanes * segment;
        long tablesMin = TABLES_BYTES_PER_LANE_MIN * lanes;
        long least = transitMin + heldMin + tablesMin + EXPORT_BYTES_MIN;
        if (totalBytes < least) {
            throw new IllegalArgumentException("engine.memory: " + size(totalBytes) + " is not enough for " + lanes
                    + (lanes == 1 ? " lane" : " lanes") + " and segments of " + size(segmentLengthBytes)
                    + "; the least possible is " + least + " bytes (" + size(least)
                    + "); raise engine.memory or lower engine.lanes or engine.segment_size");
        }
        long rest = totalBytes - least;
        long transit = (transitMin + percent(rest, TRANSIT_PERCENT)) / segment * segment;
        long held = (heldMin + percent(rest, HELD_PERCENT)) / segment * segment;
        long tables = tablesMin + percent(rest, TABLES_PERCENT);
        return new MemoryPlan(
                totalBytes, lanes, segmentLengthBytes, transit, held, tables, totalBytes - transit - held - tables);
    }

    private static long percent(long bytes, int percent) {
        return bytes / 100 * percent;
    }

    /** One line for the log at start. */
    public String describe() {
        return "memory " + size(totalBytes) + ": transit " + size(transitBytes) + " ("
                + transitBytes / segmentLengthBytes
                + " segments), held " + size(heldBytes) + " (" + heldBytes / segmentLengthBytes + " segments), tables "
                + size(tablesBytes) + ", export " + size(exportBytes) + "; segments of " + segmentLengthBytes
                + " bytes, " + lanes + (lanes == 1 ? " lane" : " lanes");
    }

    private static String size(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
        }
        return bytes < 1L << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
                : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
    }
}
