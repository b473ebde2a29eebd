package io.spanweir.lane;

import io.spanweir.component.Intake;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.export.ExportMemory;
import io.spanweir.export.ExportQueue;
import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.telemetry.SharedCounter;
import io.spanweir.wire.Canonical;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.WireWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The intake of one I/O thread: transit memory, scan, ring. Threading: one I/O thread. */
public final class RingIntake implements Intake {
    /** Why a request was refused. */
    private enum Reason {
        NONE(""),
        STOPPING("shutting down"),
        TRANSIT_FULL("the memory for received data is full"),
        MEMORY_FULL("the memory for waiting data is full; the oldest traces are being decided"),
        QUEUE_FULL("the sending queue of an exporter is full"),
        EXPORT_FULL("the memory for export is full"),
        RING_FULL("the lanes have not kept up");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final long RETRY_SOON_NANOS = 500_000_000L;
    private static final long RETRY_LATER_NANOS = 2_000_000_000L;
    private static final int FRAGMENTATION = 2;
    /**
     * What may wait for the end of a round before its lanes are woken all the same. More would leave the caches of a core before
     * the lane comes to it.
     */
    static final int UNANNOUNCED_BYTES_MAX = 64 << 10;

    private final Ring ring;
    private final Entrance entrance;
    private final TransitMemory transit;
    private final TransitAppender appender;
    private final ExportMemory export;
    private final Pressure pressure;
    private final HeldPool held;
    private final BooleanSupplier stopping;
    private final OtlpScanner scanner;
    private final PackedIndex.Packer packer;
    private final WireWriter canonical = new WireWriter();
    private final SharedCounter accepted;
    private final SharedCounter refused;
    private final SharedCounter failed;
    private final SharedCounter malformed;
    private final Map<Reason, SharedCounter> refusedByReason = new EnumMap<>(Reason.class);

    /** What the call in hand has of transit memory and has not given to the ring. */
    private @Nullable TransitRegion message;

    private @Nullable TransitRegion index;
    private Reason reason = Reason.NONE;
    private String queueName = "";
    private int itemCount;
    private int turnOfLanes;
    private @Nullable Executor round;
    /** Made once, for {@link #round}. */
    private final Runnable wakeNow = this::wakeNow;

    /** Lanes that have entries which nobody woke them for, and the bytes of these entries. */
    private long toWake;

    private long unannouncedBytes;

    public RingIntake(
            Ring ring,
            Entrance entrance,
            String transport,
            TransitMemory transit,
            ExportMemory export,
            Pressure pressure,
            HeldPool held,
            OtlpLimits limits,
            BooleanSupplier stopping,
            MetricRegistry metrics) {
        this.ring = ring;
        this.entrance = entrance;
        this.transit = transit;
        this.appender = transit.appender();
        this.export = export;
        this.pressure = pressure;
        this.held = held;
        this.stopping = stopping;
        this.scanner = new OtlpScanner(limits);
        this.packer = new PackedIndex.Packer(ring.map());
        String receiver = entrance.receiver().toString();
        accepted = metrics.sharedCounter(LaneMetric.accepted(entrance.signal()), receiver, transport);
        refused = metrics.sharedCounter(LaneMetric.refused(entrance.signal()), receiver, transport);
        failed = metrics.sharedCounter(LaneMetric.failed(entrance.signal()), receiver, transport);
        malformed = metrics.sharedCounter(LaneMetric.MALFORMED_REQUESTS, receiver, transport);
        for (Reason why : Reason.values()) {
            if (why != Reason.NONE) {
                refusedByReason.put(
                        why, metrics.sharedCounter(LaneMetric.REFUSED_REQUESTS, receiver, transport, why.label()));
            }
        }
    }

    @Override
    public @Nullable TransitRegion reserve(int lengthBytes) {
        Reason obstacle = obstacle(lengthBytes);
        if (obstacle != Reason.NONE) {
            refuse(obstacle, 0);
            return null;
        }
        TransitRegion region = appender.reserve(lengthBytes);
        if (region == null) {
            refuse(Reason.TRANSIT_FULL, 0);
        }
        return region;
    }

    @Override
    public void abandon(TransitRegion region) {
        appender.abandon(region);
        sealWhenScarce();
    }

    /** An idle thread must not keep a segment that others need. */
    private void sealWhenScarce() {
        Budget budget = transit.budget();
        if (budget.usedBytes() > budget.capacityBytes() / 2) {
            appender.seal();
        }
    }

    @Override
    public Admission publish(
            TransitRegion region, int lengthBytes, ClientMetadata metadata, @Nullable Settlement settlement) {
        message = region;
        index = null;
        try {
            return scanAndPublish(region, lengthBytes, metadata, settlement);
        } finally {
            abandonUnpublished();
            sealWhenScarce();
        }
    }

    /** Whatever the ring did not get goes back, also when something threw. */
    private void abandonUnpublished() {
        if (index != null) {
            appender.abandon(index);
            index = null;
        }
        if (message != null) {
            appender.abandon(message);
            message = null;
        }
    }

    private Admission scanAndPublish(
            TransitRegion region, int lengthBytes, ClientMetadata metadata, @Nullable Settlement settlement) {
        itemCount = 0;
        TransitRegion scanned = region;
        int length = lengthBytes;
        int items = scanner.scan(entrance.signal(), scanned.bytes(), scanned.offset(), length);
        if (items == OtlpScanner.NEEDS_CANONICAL) {
            canonical.clear();
            Canonical.rewrite(entrance.signal(), scanned.bytes(), scanned.offset(), length, canonical);
            abandonUnpublished();
            length = canonical.length();
            TransitRegion rewritten = appender.reserve(length);
            if (rewritten == null) {
                return refuse(Reason.TRANSIT_FULL, 0);
            }
            message = rewritten;
            scanned = rewritten;
            System.arraycopy(canonical.bytes(), 0, scanned.bytes(), scanned.offset(), length);
            items = scanner.scan(entrance.signal(), scanned.bytes(), scanned.offset(), length);
        }
        if (items < 0) {
            countFailed(1);
            return Admission.MALFORMED;
        }
        itemCount = items;
        if (scanner.index().elementCount() == 0) {
            if (settlement != null) {
                settlement.settle();
            }
            return Admission.ACCEPTED;
        }
        return publishScanned(scanned, length, metadata, settlement);
    }

    private Admission publishScanned(
            TransitRegion scanned, int length, ClientMetadata metadata, @Nullable Settlement settlement) {
        int fixedLane = ring.laneCount() == 1 ? 0 : entrance.traceAffinity() ? -1 : nextLane();
        packer.assign(scanner.index(), scanned.bytes(), fixedLane);
        TransitRegion packed = appender.reserve(packer.lengthBytes(scanner.index()));
        if (packed == null) {
            return refuse(Reason.TRANSIT_FULL, itemCount);
        }
        index = packed;
        packer.write(scanner.index(), packed.bytes(), packed.offset());
        long sequence = ring.tryNext();
        if (sequence == Ring.FULL) {
            return refuse(Reason.RING_FULL, itemCount);
        }
        message = null; // both are the lanes' from here on
        index = null;
        int lanes = Long.bitCount(packer.mask());
        if (lanes > 1) {
            scanned.retain(lanes - 1);
            packed.retain(lanes - 1);
        }
        if (settlement != null && lanes > 1) {
            settlement.hold(lanes - 1);
        }
        RingEntry entry = ring.entry(sequence);
        entry.batch(entrance.signal(), entrance.number(), packer.mask());
        entry.message = scanned;
        entry.messageOffset = scanned.offset();
        entry.messageLength = length;
        entry.index = packed;
        entry.metadata = metadata;
        entry.settlement = settlement;
        toWake |= ring.publishQuietly(sequence, packer.mask());
        accepted.add(itemCount);
        wakeLanes(length);
        return Admission.ACCEPTED;
    }

    @Override
    public void wakeLanesBy(Executor round) {
        this.round = round;
    }

    private void wakeLanes(int lengthBytes) {
        Executor executor = round;
        boolean first = unannouncedBytes == 0;
        unannouncedBytes += lengthBytes;
        if (executor == null || unannouncedBytes >= UNANNOUNCED_BYTES_MAX) {
            wakeNow();
        } else if (first) {
            try {
                executor.execute(wakeNow);
            } catch (RejectedExecutionException ended) {
                wakeNow();
            }
        }
    }

    private void wakeNow() {
        long mask = toWake;
        toWake = 0;
        unannouncedBytes = 0;
        ring.wake(mask);
    }

    @Override
    public void countFailed(int items) {
        malformed.increment();
        failed.add(items);
    }

    @Override
    public int itemCount() {
        return itemCount;
    }

    @Override
    public String refusal() {
        return reason == Reason.QUEUE_FULL
                ? "the sending queue of exporter " + queueName + " is full"
                : reason.sentence;
    }

    @Override
    public long retryDelayNanos() {
        return reason == Reason.RING_FULL || reason == Reason.TRANSIT_FULL ? RETRY_SOON_NANOS : RETRY_LATER_NANOS;
    }

    @Override
    public String problem() {
        return scanner.problem();
    }

    @Override
    public boolean waitsForResult() {
        return entrance.waitsForResult(export);
    }

    @Override
    public void close() {
        appender.close();
    }

    private Reason obstacle(int lengthBytes) {
        if (stopping.getAsBoolean()) {
            return Reason.STOPPING;
        }
        if (entrance.holdsData() && (pressure.refusing() || !heldHasRoom(lengthBytes))) {
            return Reason.MEMORY_FULL;
        }
        ExportQueue full = entrance.full();
        if (full != null) {
            queueName = full.id().toString();
            return Reason.QUEUE_FULL;
        }
        return entrance.exportHasRoom(export, transit.budget().usedBytes())
                        || entrance.direct().isEmpty()
                ? Reason.NONE
                : Reason.EXPORT_FULL;
    }

    /**
     * Whether all that was received and has not reached a lane, and this message too, could still be held. Twice their bytes is
     * enough however they are cut: records that do not fit behind each other fill more than half of their segments together, and
     * each lane has one segment open. Where nothing is held, a message is let in whatever its length.
     */
    private boolean heldHasRoom(int lengthBytes) {
        long openBytes = (long) ring.laneCount() * held.segmentLengthBytes();
        Budget budget = held.budget();
        long freeBytes = budget.capacityBytes() - budget.usedBytes() - openBytes;
        return freeBytes
                >= Math.min(
                        FRAGMENTATION * (transit.waitingBytes() + lengthBytes), budget.capacityBytes() - 2 * openBytes);
    }

    private Admission refuse(Reason why, int items) {
        reason = why;
        refused.add(items);
        SharedCounter counter = refusedByReason.get(why);
        if (counter != null) {
            counter.increment();
        }
        return Admission.REFUSED;
    }

    private int nextLane() {
        turnOfLanes = (turnOfLanes + 1) % ring.laneCount();
        return turnOfLanes;
    }
}
