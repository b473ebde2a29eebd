package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadSizesTest {
    private final ReadSizes sizes = ReadSizes.upTo(64 << 10).get();
    private final RecvByteBufAllocator.ExtendedHandle handle = sizes.newHandle();

    private int read() {
        handle.reset(new EmbeddedChannel().config());
        ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        int length = buffer.writableBytes();
        buffer.release();
        handle.attemptedBytesRead(length);
        handle.lastBytesRead(length);
        handle.readComplete();
        return length;
    }

    private void growReads() {
        for (int i = 0; i < 20; i++) {
            read();
        }
    }

    @Test
    void growWithWhatArrives() {
        int first = read();
        growReads();
        assertThat(read()).isGreaterThan(first).isEqualTo(64 << 10);
    }

    @Test
    void areShortWhenAskedFor() {
        growReads();
        sizes.shortReads(true);
        growReads();
        assertThat(read()).isEqualTo(4 << 10);
        sizes.shortReads(false);
        growReads();
        assertThat(read()).isEqualTo(64 << 10);
    }

    /** A connection has short reads until its first request has ended. */
    @Test
    void followProbation() {
        AtomicLong nanos = new AtomicLong();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setRecvByteBufAllocator(sizes);
        growReads();
        channel.pipeline()
                .addLast(new Http2Guard(
                        Duration.ZERO,
                        new Offenders(nanos::get),
                        nanos::get,
                        new Probation(new Probation.Share(nanos::get))));
        assertThat(read()).isEqualTo(4 << 10);
        byte[] preface = new byte[24];
        byte[] headers = {0, 0, 0, 1, 4, 0, 0, 0, 1};
        byte[] end = {0, 0, 0, 0, 1, 0, 0, 0, 1};
        channel.writeInbound(Unpooled.wrappedBuffer(preface, headers));
        assertThat(read()).isEqualTo(4 << 10);
        channel.writeInbound(Unpooled.wrappedBuffer(end));
        growReads();
        assertThat(read()).isEqualTo(64 << 10);
        channel.finishAndReleaseAll();
    }
}
