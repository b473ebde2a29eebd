package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compares held memory and its groups with lists of byte arrays over generated histories. */
class HeldMemoryPropertyTest {
    private static final int ROUNDS = 40;
    private static final int STEPS = 1_500;
    private static final int OWNERS = 24;
    private static final int SEGMENT = 512;
    private static final long POOL_BYTES = 40L * SEGMENT;

    private static final class Twin {
        final byte[] payload;
        final int itemCount;
        final byte[] envelope;

        Twin(byte[] payload, int itemCount, byte[] envelope) {
            this.payload = payload;
            this.itemCount = itemCount;
            this.envelope = envelope;
        }
    }

    /** The memory, its slow twin, and what a trace table would remember: first and last record of each owner. */
    private static final class History {
        final SplittableRandom random;
        final Budget held = new Budget("held", POOL_BYTES);
        final Budget tables = new Budget("tables", 4_000);
        final HeldGroups groups;
        final HeldMemory memory;
        final List<List<Twin>> twins = new ArrayList<>();
        final int[] first = new int[OWNERS];
        final int[] last = new int[OWNERS];
        boolean everFull;
        boolean everMoved;

        History(SplittableRandom random) {
            this.random = random;
            this.groups = new HeldGroups(tables, random.nextLong());
            this.memory = new HeldMemory(new HeldPool(held, SEGMENT), groups);
            for (int owner = 0; owner < OWNERS; owner++) {
                twins.add(new ArrayList<>());
            }
            Arrays.fill(first, HeldMemory.NONE);
            Arrays.fill(last, HeldMemory.NONE);
        }

        void step() {
            int owner = random.nextInt(OWNERS);
            int choice = random.nextInt(100);
            if (choice < 62) {
                append(owner);
            } else if (choice < 80) {
                freeOne(owner);
            } else if (choice < 90) {
                freeFrom(owner);
            } else {
                memory.compact(random.nextInt(3 * SEGMENT), this::moved);
            }
        }

        void append(int owner) {
            byte[] envelope = new byte[4];
            Arrays.fill(envelope, (byte) random.nextInt(30));
            for (int part = 0; part < 4; part++) {
                groups.part(part, envelope, 0, part);
            }
            int group = groups.intern();
            if (group == HeldGroups.FULL) {
                everFull = true;
                return;
            }
            byte[] payload = new byte[random.nextInt(20) == 0 ? random.nextInt(3 * SEGMENT) : random.nextInt(120)];
            random.nextBytes(payload);
            int itemCount = random.nextInt(100);
            int record = random.nextBoolean()
                    ? memory.append(owner, last[owner], group, itemCount, payload, 0, payload.length)
                    : spliced(owner, group, itemCount, payload);
            groups.release(group);
            if (record == HeldMemory.FULL) {
                everFull = true;
                assertThat(held.usedBytes() + Math.max(payload.length + 24, SEGMENT))
                        .as("full with room for %d bytes", payload.length)
                        .isGreaterThan(POOL_BYTES - SEGMENT);
                return;
            }
            last[owner] = record;
            if (first[owner] == HeldMemory.NONE) {
                first[owner] = record;
            }
            twins.get(owner).add(new Twin(payload, itemCount, envelope));
        }

        int spliced(int owner, int group, int itemCount, byte[] payload) {
            int record = memory.reserve(owner, last[owner], group, itemCount, payload.length + random.nextInt(40));
            if (record != HeldMemory.FULL) {
                System.arraycopy(payload, 0, memory.bytes(record), memory.payloadOffset(record), payload.length);
                memory.truncate(record, payload.length);
            }
            return record;
        }

        void freeOne(int owner) {
            List<Twin> chain = twins.get(owner);
            if (chain.isEmpty()) {
                return;
            }
            int index = random.nextInt(chain.size());
            int record = recordAt(owner, index);
            if (record == first[owner]) {
                first[owner] = memory.next(record);
            }
            if (record == last[owner]) {
                last[owner] = memory.previous(record);
            }
            memory.free(record);
            chain.remove(index);
        }

        void freeFrom(int owner) {
            List<Twin> chain = twins.get(owner);
            if (chain.isEmpty()) {
                return;
            }
            int index = random.nextInt(4) == 0 ? random.nextInt(chain.size()) : 0;
            int record = recordAt(owner, index);
            last[owner] = memory.previous(record);
            if (index == 0) {
                first[owner] = HeldMemory.NONE;
            }
            assertThat(memory.freeChain(record)).isEqualTo(chain.size() - index);
            chain.subList(index, chain.size()).clear();
        }

        int recordAt(int owner, int index) {
            int record = first[owner];
            for (int i = 0; i < index; i++) {
                record = memory.next(record);
            }
            return record;
        }

        void moved(int owner, int from, int to) {
            everMoved = true;
            assertThat(first[owner] == from || last[owner] == from)
                    .as("moved(%d, %d, %d) tells of a first or last record", owner, from, to)
                    .isTrue();
            first[owner] = first[owner] == from ? to : first[owner];
            last[owner] = last[owner] == from ? to : last[owner];
        }

        void check() {
            long liveBytes = 0;
            int records = 0;
            for (int owner = 0; owner < OWNERS; owner++) {
                int record = first[owner];
                int previous = HeldMemory.NONE;
                for (Twin twin : twins.get(owner)) {
                    assertThat(memory.previous(record)).isEqualTo(previous);
                    checkRecord(owner, record, twin);
                    liveBytes += (24 + twin.payload.length + 7) / 8 * 8;
                    records++;
                    previous = record;
                    record = memory.next(record);
                }
                assertThat(record).isEqualTo(HeldMemory.NONE);
                assertThat(last[owner]).isEqualTo(previous);
            }
            assertThat(memory.liveBytes()).isEqualTo(liveBytes);
            assertThat(memory.recordCount()).isEqualTo(records);
            assertThat(held.usedBytes()).isBetween(memory.heldBytes(), POOL_BYTES);
            long distinct = twins.stream()
                    .flatMap(List::stream)
                    .map(twin -> twin.envelope[0])
                    .distinct()
                    .count();
            assertThat(groups.groupCount()).isEqualTo((int) distinct);
        }

        void checkRecord(int owner, int record, Twin twin) {
            int offset = memory.payloadOffset(record);
            int length = memory.payloadLength(record);
            assertThat(memory.owner(record)).isEqualTo(owner);
            assertThat(memory.itemCount(record)).isEqualTo(twin.itemCount);
            assertThat(length).isEqualTo(twin.payload.length);
            assertThat(Arrays.equals(memory.bytes(record), offset, offset + length, twin.payload, 0, length))
                    .as("payload of record %d of owner %d", record, owner)
                    .isTrue();
            int group = memory.group(record);
            for (int part = 0; part < 4; part++) {
                int from = groups.offset(group, part);
                assertThat(groups.lengthBytes(group, part)).isEqualTo(part);
                assertThat(Arrays.equals(groups.bytes(group), from, from + part, twin.envelope, 0, part))
                        .as("part %d of group %d", part, group)
                        .isTrue();
            }
        }
    }

    @Test
    void heldMemoryEqualsListsOfByteArrays() {
        boolean everFull = false;
        boolean everMoved = false;
        for (int round = 0; round < ROUNDS; round++) {
            History history = new History(Seeds.random(HeldMemoryPropertyTest.class, "history", round));
            for (int step = 0; step < STEPS; step++) {
                try {
                    history.step();
                    history.check();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(repeat(round, step) + ": " + e.getMessage(), e);
                }
            }
            for (int owner = 0; owner < OWNERS; owner++) {
                history.memory.freeChain(history.first[owner]);
            }
            assertThat(history.held.usedBytes()).as(repeat(round, STEPS)).isLessThanOrEqualTo(SEGMENT);
            history.memory.close();
            assertThat(history.held.usedBytes()).as(repeat(round, STEPS)).isZero();
            assertThat(history.tables.usedBytes()).as(repeat(round, STEPS)).isZero();
            everFull |= history.everFull;
            everMoved |= history.everMoved;
        }
        assertThat(everFull).as("some history fills the memory").isTrue();
        assertThat(everMoved).as("some history moves records").isTrue();
    }

    private static String repeat(int round, int step) {
        return "step " + step + ", " + Seeds.repeat(HeldMemoryPropertyTest.class, round);
    }
}
