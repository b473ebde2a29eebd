package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransitMemoryThreadsTest {
    private static final int SEGMENT = 4096;
    private static final int MESSAGES = 20_000;
    private static final int WRITERS = 2;
    private static final int READERS = 2;

    private final Budget budget = new Budget("transit", 16 * SEGMENT);
    private final TransitMemory memory = new TransitMemory(budget, SEGMENT);
    private final List<BlockingQueue<Message>> queues =
            List.of(new ArrayBlockingQueue<>(64), new ArrayBlockingQueue<>(64));

    private record Message(TransitRegion region, byte stamp) {}

    @Test
    void everyReaderSeesEachMessageWholeAndAllMemoryComesBack() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
        try {
            List<Future<Integer>> writers = new ArrayList<>();
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> write(writer)));
            }
            for (BlockingQueue<Message> queue : queues) {
                readers.add(threads.submit(() -> read(queue)));
            }
            int written = 0;
            for (Future<Integer> writer : writers) {
                written += writer.get(60, TimeUnit.SECONDS);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(written);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(budget.usedBytes())
                .as(Seeds.repeat(TransitMemoryThreadsTest.class))
                .isZero();
    }

    private int write(int writer) throws InterruptedException {
        SplittableRandom random = Seeds.random(TransitMemoryThreadsTest.class, "history", writer);
        try (TransitAppender appender = memory.appender()) {
            int written = 0;
            while (written < MESSAGES) {
                boolean large = random.nextInt(200) == 0;
                TransitRegion region =
                        appender.reserve(large ? SEGMENT + random.nextInt(SEGMENT) : random.nextInt(900));
                if (region == null) {
                    Thread.onSpinWait();
                    continue;
                }
                byte stamp = (byte) random.nextInt(100);
                java.util.Arrays.fill(region.bytes(), region.offset(), region.offset() + region.lengthBytes(), stamp);
                region.retain(READERS - 1);
                for (BlockingQueue<Message> queue : queues) {
                    queue.put(new Message(region, stamp));
                }
                written++;
            }
            return written;
        }
    }

    private static int read(BlockingQueue<Message> queue) throws InterruptedException {
        int read = 0;
        while (read < WRITERS * MESSAGES) {
            Message message = queue.poll(30, TimeUnit.SECONDS);
            assertThat(message).as("message %d", read).isNotNull();
            TransitRegion region = message.region();
            for (int at = region.offset(); at < region.offset() + region.lengthBytes(); at++) {
                if (region.bytes()[at] != message.stamp()) {
                    throw new AssertionError("message " + read + ": byte " + (at - region.offset()) + " of "
                            + region.lengthBytes() + " is " + region.bytes()[at] + ", written was "
                            + message.stamp());
                }
            }
            region.release();
            read++;
        }
        return read;
    }
}
