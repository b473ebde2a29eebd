package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a connection shares its thread with others: {@link Http2Guard} passes on what a turn allows, and the rest later. */
class Http2TurnsTest {
    private static final int PREFACE_LENGTH = 24;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PING = 6;
    private static final int END_HEADERS = 4;

    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final List<String> happened = new ArrayList<>();
    private long nanosPerPiece = 2 * Http2Guard.TURN_NANOS;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private int reads;

    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext ctx) {
                    reads++;
                    ctx.read();
                }
            },
            new Http2Guard(
                    Duration.ZERO,
                    new Offenders(nanos::get),
                    nanos::get,
                    new Probation(new Probation.Share(nanos::get))),
            new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    if (happened.isEmpty()) {
                        ctx.executor().execute(() -> happened.add("another connection"));
                    }
                    happened.add("piece");
                    passed.writeBytes(ByteBufUtil.getBytes(bytes));
                    bytes.release();
                    nanos.addAndGet(nanosPerPiece);
                }

                @Override
                public void channelReadComplete(ChannelHandlerContext ctx) {
                    happened.add("complete");
                }
            });

    Http2TurnsTest() {
        sent.writeBytes(new byte[PREFACE_LENGTH]);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void frame(int type, int flags, int stream, int length) {
        sent.writeBytes(
                new byte[] {0, (byte) (length >>> 8), (byte) length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream
                });
        for (int i = 0; i < length; i++) {
            sent.write(i);
        }
    }

    private void receive() {
        channel.writeInbound(Unpooled.wrappedBuffer(sent.toByteArray()));
    }

    private void assertReceivedInOneTurn() {
        receive();
        assertThat(happened).endsWith("piece", "complete", "another connection");
        assertThat(passed.toByteArray()).isEqualTo(sent.toByteArray());
    }

    @Test
    void theRestOfSlowRequestsWaitsForOtherConnections() {
        for (int request = 0; request < 6; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
        }
        receive();
        assertThat(happened).containsExactly("piece", "complete", "another connection", "piece", "piece", "complete");
        assertThat(passed.toByteArray()).isEqualTo(sent.toByteArray());
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void requestsThatTakeNoTimeArePassedOnInOneTurn() {
        nanosPerPiece = Http2Guard.TURN_NANOS / 1_000;
        for (int request = 0; request < 50; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
            frame(DATA, 0, 2 * request + 1, 300);
        }
        assertReceivedInOneTurn();
    }

    /** They take longer than a few bytes do, and are worth it. */
    @Test
    void largeRequestsArePassedOnInOneTurn() {
        nanosPerPiece = Http2Guard.TURN_NANOS / 3;
        for (int request = 0; request < 12; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
            for (int part = 0; part < 6; part++) {
                frame(DATA, 0, 2 * request + 1, 16_000);
            }
        }
        assertReceivedInOneTurn();
    }

    @Test
    void nothingIsReadWhileSomethingWaits() {
        nanosPerPiece = Http2Guard.TURN_NANOS;
        for (int ping = 0; ping < 100; ping++) {
            frame(PING, 0, 0, 8);
        }
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(sent.toByteArray()));
        assertThat(channel.config().isAutoRead()).isFalse();
        int readsBefore = reads;
        channel.pipeline().read(); // as codecs do when they have seen all that was read
        assertThat(reads).isEqualTo(readsBefore);
        byte[] more = {0, 0, 1};
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(more));
        sent.writeBytes(more);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(reads).isGreaterThan(readsBefore);
        assertThat(passed.toByteArray()).isEqualTo(sent.toByteArray());
    }

    /** What it has sent beyond its share is passed on later. */
    @Test
    void aConnectionOnProbationWaitsLonger() {
        channel.freezeTime();
        for (int request = 0; request < 40; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
        }
        receive();
        int before = passed.size();
        assertThat(before).isLessThan(sent.size());
        long wait = TimeUnit.MINUTES.toNanos(1);
        for (int turn = 0; passed.size() < sent.size(); turn++) {
            assertThat(turn).isLessThan(40);
            nanos.addAndGet(wait);
            channel.advanceTimeBy(wait, TimeUnit.NANOSECONDS);
            channel.runPendingTasks();
        }
        assertThat(passed.toByteArray()).isEqualTo(sent.toByteArray());
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aFirstRequestThatIsLargeDoesNotWait() {
        nanosPerPiece = 20 * 16_000; // well below what bytes may take
        channel.freezeTime();
        frame(HEADERS, END_HEADERS, 1, 50);
        int all = sent.size();
        receive();
        for (int read = 0; read < 20; read++) {
            sent.reset();
            for (int part = 0; part < 500; part++) {
                frame(DATA, 0, 1, 16_000);
            }
            all += sent.size();
            receive();
        }
        assertThat(passed.size()).isEqualTo(all);
    }

    @Test
    void whoLeavesIsAwaitedNoMore() {
        channel.freezeTime();
        for (int request = 0; request < 40; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
        }
        receive();
        int before = passed.size();
        channel.close();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runPendingTasks();
        assertThat(passed.size()).isEqualTo(before);
    }

    @Test
    void whatWaitsIsReleasedWithTheConnection() {
        for (int request = 0; request < 6; request++) {
            frame(HEADERS, END_HEADERS, 2 * request + 1, 50);
        }
        ByteBuf bytes = Unpooled.copiedBuffer(sent.toByteArray());
        channel.pipeline().fireChannelRead(bytes);
        assertThat(bytes.refCnt()).isPositive();
        channel.close();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void floodsEndBetweenTurnsToo() {
        nanosPerPiece = Http2Guard.TURN_NANOS / 10;
        for (int ping = 0; ping < Http2Guard.OVERHEAD_FRAMES_MAX + 100; ping++) {
            frame(PING, 0, 0, 8);
        }
        ByteBuf bytes = Unpooled.copiedBuffer(sent.toByteArray());
        channel.writeInbound(bytes);
        assertThat(passed.size()).isLessThanOrEqualTo(PREFACE_LENGTH + Http2Guard.OVERHEAD_FRAMES_MAX * 17);
        assertThat(bytes.refCnt()).isZero();
        ByteBuf goAway = channel.readOutbound();
        assertThat(goAway.getByte(3)).isEqualTo((byte) 7);
        goAway.release();
    }
}
