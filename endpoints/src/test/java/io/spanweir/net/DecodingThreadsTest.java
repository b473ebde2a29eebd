package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecodingThreadsTest {
    private final DecodingThreads threads = new DecodingThreads(1);
    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private final AtomicInteger decoded = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();

    @AfterEach
    void close() {
        io.shutdownNow();
        threads.close();
    }

    private final class Counting implements DecodingThreads.Work {
        private final CountDownLatch mayDecode;

        Counting(CountDownLatch mayDecode) {
            this.mayDecode = mayDecode;
        }

        @Override
        public ContentDecoders.Result decode(ContentDecoders decoders) {
            try {
                mayDecode.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] content = {7};
            return decoders.decode(ContentEncoding.IDENTITY, content, 0, 1, 1);
        }

        @Override
        public void decoded(ContentDecoders.Result result, ContentDecoders decoders) {
            assertThat(result).isEqualTo(ContentDecoders.Result.DECODED);
            assertThat(decoders.bytes()[0]).isEqualTo((byte) 7);
            decoded.incrementAndGet();
        }

        @Override
        public void abandoned() {
            abandoned.incrementAndGet();
        }
    }

    @Test
    void whatWaitsIsBoundedAndAllOfItIsDecoded() {
        CountDownLatch mayDecode = new CountDownLatch(1);
        int taken = 0;
        while (threads.tryDecode(new Counting(mayDecode), io)) {
            taken++;
        }
        assertThat(taken).isEqualTo(1 + DecodingThreads.WAITING_MAX);

        mayDecode.countDown();
        int all = taken;
        await().until(() -> decoded.get() == all);
        assertThat(threads.tryDecode(new Counting(mayDecode), io)).isTrue();
        await().until(() -> decoded.get() == 2 + DecodingThreads.WAITING_MAX);
        assertThat(abandoned).hasValue(0);
    }

    @Test
    void whoseIoThreadHasEndedIsAbandoned() {
        threads.tryDecode(new Counting(new CountDownLatch(0)), work -> {
            throw new RejectedExecutionException();
        });

        await().until(() -> abandoned.get() == 1);
        assertThat(decoded).hasValue(0);
    }
}
