package io.spanweir.perf.spike;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.Requests;
import io.spanweir.perf.spike.Holding.Variant;
import java.util.Locale;

/**
 * Held memory by copy against by reference.
 *
 * <pre>
 * HeldSpike cpu                      CPU of this thread per span, variants interleaved round by round in this process
 * HeldSpike pinned VARIANT SEGMENT   what 1 % of undecided traces keep from the pool, one variant a process
 * </pre>
 */
public final class HeldSpike {
    private static final int SEED = 7;
    private static final int WARM_ROUNDS = 5;
    private static final int ROUNDS = 15;
    private static final int SPANS_PER_ROUND = 70_000;
    private static final int WAIT_TRACES = 10_000;
    private static final int SEGMENT_BYTES = 1 << 20;

    private static final int PINNED_SPANS = 700_000;
    private static final int PINNED_REQUEST_SPANS = 100;
    private static final int STRAGGLER_EVERY = 100;

    private HeldSpike() {}

    public static void main(String[] args) {
        if (args.length == 3 && args[0].equals("pinned")) {
            pinned(Variant.valueOf(args[1].toUpperCase(Locale.ROOT)), Integer.parseInt(args[2]));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "held: ns of thread CPU per span, median of %d interleaved rounds of %d spans, %d traces waiting%n",
                    ROUNDS,
                    SPANS_PER_ROUND,
                    WAIT_TRACES);
            System.out.printf(
                    Locale.ROOT,
                    "%14s %10s %9s %9s %9s %11s %11s %9s%n",
                    "spans/request",
                    "bytes/span",
                    "discard",
                    "copy",
                    "reference",
                    "hold: copy",
                    "hold: ref.",
                    "copy/ref.");
            for (int spans : new int[] {10, 100, 500}) {
                cpu(spans);
            }
        }
    }

    private static void cpu(int spansPerRequest) {
        Variant[] variants = {Variant.DISCARD, Variant.COPY, Variant.REFERENCE};
        Holding[] holdings = new Holding[variants.length];
        Requests[] requests = new Requests[variants.length];
        double[][] nanos = new double[variants.length][ROUNDS];
        for (int v = 0; v < variants.length; v++) {
            holdings[v] = new Holding(variants[v], SEGMENT_BYTES, WAIT_TRACES, 0);
            requests[v] = new Requests(spansPerRequest, SEED);
        }
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            for (int turn = 0; turn < variants.length; turn++) {
                int v = Math.floorMod(turn + round, variants.length);
                double perSpan = round(holdings[v], requests[v]);
                if (round >= 0) {
                    nanos[v][round] = perSpan;
                }
            }
        }
        double discard = Cpu.median(nanos[0]);
        double copy = Cpu.median(nanos[1]);
        double reference = Cpu.median(nanos[2]);
        System.out.printf(
                Locale.ROOT,
                "%14d %10.0f %9.1f %9.1f %9.1f %11.1f %11.1f %9.2f%n",
                spansPerRequest,
                requests[0].bytesPerSpan(),
                discard,
                copy,
                reference,
                copy - discard,
                reference - discard,
                copy / reference);
    }

    private static double round(Holding holding, Requests requests) {
        int count = SPANS_PER_ROUND / requests.spanCount();
        long before = Cpu.ofThisThreadNanos();
        for (int i = 0; i < count; i++) {
            holding.take(requests.next(), requests.spanCount());
        }
        return (double) (Cpu.ofThisThreadNanos() - before) / ((long) count * requests.spanCount());
    }

    private static void pinned(Variant variant, int segmentBytes) {
        Requests requests = new Requests(PINNED_REQUEST_SPANS, SEED);
        Holding holding = new Holding(variant, segmentBytes, WAIT_TRACES, STRAGGLER_EVERY);
        long received = 0;
        for (int i = 0; i < PINNED_SPANS / PINNED_REQUEST_SPANS; i++) {
            byte[] request = requests.next();
            received += request.length;
            holding.take(request, PINNED_REQUEST_SPANS);
        }
        holding.passWait();
        print(variant.name().toLowerCase(Locale.ROOT), segmentBytes, received, holding);
        if (variant == Variant.COPY) {
            long before = Cpu.ofThisThreadNanos();
            long moved = holding.compact();
            double nanos = Cpu.ofThisThreadNanos() - before;
            print(
                    String.format(
                            Locale.ROOT,
                            "+ compaction (%.1f MiB moved or looked at, %.1f ns/span of all)",
                            mib(moved),
                            nanos / PINNED_SPANS),
                    segmentBytes,
                    received,
                    holding);
        }
    }

    private static void print(String what, int segmentBytes, long receivedBytes, Holding holding) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "segments %5d KiB, received %.0f MiB: live %.1f MiB, pinned %.1f MiB (%.0f x), heap used %.0f MiB, RSS peak %.0f MiB: %s%n",
                segmentBytes >> 10,
                mib(receivedBytes),
                mib(holding.liveBytes()),
                mib(holding.pinnedBytes()),
                (double) holding.pinnedBytes() / holding.liveBytes(),
                mib(runtime.totalMemory() - runtime.freeMemory()),
                mib(Cpu.residentBytesMax(ProcessHandle.current().pid())),
                what);
    }

    private static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
