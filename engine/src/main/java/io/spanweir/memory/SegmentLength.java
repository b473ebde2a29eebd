package io.spanweir.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * How long the arrays of segments should be under the running collector.
 *
 * <p>G1 gives an array of more than half a region whole regions of its own and leaves the rest of the last one empty: an
 * array of 1 MiB is 1 MiB and 16 bytes with its header, so with regions of 1 MiB it takes two, and half of the heap is
 * waste. Such a segment is therefore as long as whole regions less the header. Shorter ones, and all under other
 * collectors, are as long as asked for. Threading: any thread.
 */
final class SegmentLength {
    private static final int ALIGNMENT_BYTES = 8;
    private static final int HEADER_BYTES = 16;
    private static final int HEADER_BYTES_WIDE_CLASS_POINTERS = 24;

    private SegmentLength() {}

    /** The length for this process. */
    static int fitted(int askedBytes) {
        return fitted(askedBytes, g1RegionBytes(), headerBytes());
    }

    /** @param regionBytes length of a G1 region, or 0 under another collector */
    static int fitted(int askedBytes, long regionBytes, int headerBytes) {
        long arrayBytes = (long) askedBytes + headerBytes;
        if (regionBytes == 0 || arrayBytes <= regionBytes / 2) {
            return aligned(askedBytes);
        }
        long regions = Math.max(1, (askedBytes + regionBytes - 1) / regionBytes);
        return aligned((int) Math.min(regions * regionBytes - headerBytes, Integer.MAX_VALUE - 64));
    }

    private static int aligned(int lengthBytes) {
        return lengthBytes / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    private static long g1RegionBytes() {
        String usesG1 = option("UseG1GC");
        String regionBytes = option("G1HeapRegionSize");
        return "true".equals(usesG1) && regionBytes != null ? Long.parseLong(regionBytes) : 0;
    }

    private static int headerBytes() {
        return "false".equals(option("UseCompressedClassPointers")) ? HEADER_BYTES_WIDE_CLASS_POINTERS : HEADER_BYTES;
    }

    /** A flag of the JVM, or null where it has no such flag. */
    private static @Nullable String option(String name) {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (hotSpot == null) {
            return null;
        }
        try {
            return hotSpot.getVMOption(name).getValue();
        } catch (IllegalArgumentException unknownFlag) {
            return null;
        }
    }
}
