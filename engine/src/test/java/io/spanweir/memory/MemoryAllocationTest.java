package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryAllocationTest {
    private static final int SEGMENT = 1 << 14;
    private static final Relocation NOBODY = (owner, from, to) -> {};

    private final byte[] source = new byte[4096];
    private final HeldMemory memory = new HeldMemory(new HeldPool(new Budget("held", 16L * SEGMENT), SEGMENT));
    private final HeldGroups groups = new HeldGroups(new Budget("tables", 1 << 20), 1);
    private int step;

    @Test
    void holdingAndFreeingRecordsAllocatesNothing() {
        int[] chains = new int[64];
        java.util.Arrays.fill(chains, HeldMemory.NONE);
        assertThat(Allocations.bytesOf(() -> {
                    int owner = step++ & 63;
                    memory.freeChain(chains[owner]);
                    int first = memory.append(owner, HeldMemory.NONE, -1, 1, source, 0, 100 + (step & 255));
                    memory.append(owner, first, -1, 1, source, 0, 300);
                    chains[owner] = first;
                }))
                .isZero();
    }

    @Test
    void compactionAllocatesNothing() {
        int[] kept = new int[64];
        java.util.Arrays.fill(kept, HeldMemory.NONE);
        Relocation relocation = (owner, from, to) -> kept[owner] = kept[owner] == from ? to : kept[owner];
        assertThat(Allocations.bytesOf(() -> {
                    int owner = step++ & 63;
                    int record = memory.append(owner + 64, HeldMemory.NONE, -1, 1, source, 0, 700);
                    if ((step & 7) == 0) {
                        memory.freeChain(kept[owner]);
                        kept[owner] = memory.append(owner, HeldMemory.NONE, -1, 1, source, 0, 700);
                    }
                    memory.free(record);
                    memory.compact(2000, relocation);
                }))
                .isZero();
        assertThat(memory.compact(0, NOBODY)).isZero();
    }

    @Test
    void findingAGroupAllocatesNothing() {
        groups.part(HeldGroups.RESOURCE_PREFIX, source, 0, 300);
        groups.intern();
        assertThat(Allocations.bytesOf(() -> {
                    groups.part(HeldGroups.RESOURCE_PREFIX, source, 0, 300);
                    groups.release(groups.intern());
                }))
                .isZero();
    }

    @Test
    void pressureAllocatesNothing() {
        Budget full = new Budget("held", 100);
        full.tryTake(100);
        Pressure pressure = new Pressure(List.of(full));
        Pressure.OldestArrival oldest = pressure.join();
        assertThat(Allocations.bytesOf(() -> {
                    oldest.publish(step);
                    pressure.advance(step += 10);
                }))
                .isZero();
        assertThat(pressure.positionNanos()).isPositive();
    }

    @Test
    void receivingAMessageAllocatesItsRegionOnly() {
        TransitMemory transit = new TransitMemory(new Budget("transit", 16L * SEGMENT), SEGMENT);
        TransitAppender appender = transit.appender();
        assertThat(Allocations.bytesOf(() -> {
                    TransitRegion region = appender.reserve(3000);
                    if (region != null) {
                        region.retain(1);
                        region.release();
                        region.release();
                    }
                }))
                .isLessThanOrEqualTo(100_000L * 32);
    }
}
