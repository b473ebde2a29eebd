package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.spanweir.testkit.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the codec of HTTP/2 puts reads behind each other. */
class Http2GatheringTest {
    private static final int READ_CAPACITY = 128 << 10;

    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private ByteBuf gathered = allocator.directBuffer(READ_CAPACITY);

    @AfterEach
    void release() {
        gathered.release();
    }

    @Test
    void aFrameThatComesByteByByteKeepsNoBufferForEach() {
        for (int i = 0; i < 16 << 10; i++) {
            gather(1);
        }
        assertThat(gathered.readableBytes()).isEqualTo(16 << 10);
        assertThat(gathered.nioBufferCount()).isEqualTo(1);
        assertThat(gathered.capacity()).isLessThanOrEqualTo(READ_CAPACITY);
    }

    @Test
    void aLongReadIsNotCopied() {
        gather(10);
        ByteBuf read = allocator.directBuffer(READ_CAPACITY).writeZero(100_000);
        gathered = Http2Guard.gather(allocator, gathered, read);
        assertThat(gathered.readableBytes()).isEqualTo(100_010);
        assertThat(gathered.nioBufferCount()).isEqualTo(2);
        assertThat(read.refCnt()).isEqualTo(1);
    }

    @Test
    void nothingIsLostBetweenShortAndLongReads() {
        SplittableRandom random = Seeds.random(Http2GatheringTest.class, "reads");
        for (int round = 0; round < 200; round++) {
            byte[] sent = new byte[random.nextInt(1, 20_000)];
            random.nextBytes(sent);
            gathered = Http2Guard.gather(
                    allocator, gathered, allocator.directBuffer(READ_CAPACITY).writeBytes(sent));
            gathered.skipBytes(gathered.readableBytes() - sent.length);
            byte[] received = new byte[sent.length];
            gathered.getBytes(gathered.readerIndex(), received);
            assertThat(received).isEqualTo(sent);
            int left = random.nextInt(0, sent.length);
            gathered.skipBytes(sent.length - left);
            if (random.nextBoolean()) {
                gathered.discardSomeReadBytes();
            }
        }
    }

    private void gather(int length) {
        gathered = Http2Guard.gather(
                allocator, gathered, allocator.directBuffer(READ_CAPACITY).writeZero(length));
    }
}
