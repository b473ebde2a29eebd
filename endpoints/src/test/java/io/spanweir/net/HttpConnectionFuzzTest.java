package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import io.spanweir.config.Endpoint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes on a connection of the HTTP server, in pieces of any size: no buffer and no byte of the body budget is lost, no
 * connection ends without an answer, and HTTP/1.1 is answered alike however the bytes are cut. Of the input, the first two
 * bytes are the seed of the cuts.
 */
class HttpConnectionFuzzTest {
    private static final int HEAD_LENGTH = 2;
    private static final int BODY_BYTES_MAX = 4 << 10;
    private static final byte[] HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Asked for by the server and never started. */
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    private static final Channel LISTENER = new LocalServerChannel();

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final HttpServer server = new HttpServer(
            new HttpServerConfig(
                    new Endpoint("127.0.0.1", 0),
                    null,
                    null,
                    BODY_BYTES_MAX,
                    true,
                    Map.of(),
                    EnumSet.allOf(ContentEncoding.class),
                    HttpServerConfig.Timeouts.COLLECTOR),
            LOOPS,
            new Echo(),
            4 * BODY_BYTES_MAX,
            HttpServer.CONNECTIONS_MAX);

    /** Refuses one path early, answers the others with what it saw of the request. */
    private static final class Echo implements HttpHandler {
        @Override
        public @Nullable HttpReply refuse(HttpCall call) {
            return call.path().equals("/refused") ? HttpReply.text(404, "no such path") : null;
        }

        @Override
        public void handle(HttpCall call) {
            byte[] body = new byte[call.bodyLength()];
            call.copyBody(body, 0);
            call.answer(HttpReply.text(
                    200,
                    call.method().length() + " " + call.path().length() + " "
                            + call.mediaType().length() + " " + body.length + " " + Arrays.hashCode(body)));
        }
    }

    @FuzzTest(maxDuration = "1m")
    void serve(byte[] input) {
        if (input.length < HEAD_LENGTH) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, HEAD_LENGTH, input.length);
        byte[] whole = answered(bytes, null);
        byte[] cut = answered(bytes, new SplittableRandom(((input[0] & 0xFF) << 8) | (input[1] & 0xFF)));
        if (!speaksHttp2(bytes)) {
            assertThat(text(cut)).as("answers to the same bytes in pieces").isEqualTo(text(whole));
        }
    }

    private static String text(byte[] answers) {
        return new String(answers, StandardCharsets.ISO_8859_1);
    }

    private static boolean speaksHttp2(byte[] bytes) {
        return bytes.length >= HTTP2.length && Arrays.equals(bytes, 0, HTTP2.length, HTTP2, 0, HTTP2.length);
    }

    private byte[] answered(byte[] bytes, @Nullable SplittableRandom cuts) {
        // Netty takes a connection for a server's when its parent is one that accepts.
        EmbeddedChannel channel =
                new EmbeddedChannel(LISTENER, DefaultChannelId.newInstance(), true, false, new ChannelHandler[0]);
        channel.config().setAllocator(allocator);
        HttpProtocols.begin(channel, server, null);
        channel.pipeline().fireChannelActive();
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length && channel.isOpen()) {
            int left = bytes.length - at;
            int length = cuts == null ? left : Math.min(left, 1 + cuts.nextInt(cuts.nextInt(4) == 0 ? left : 16));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
            channel.checkException();
            collect(channel, answers);
            at += length;
        }
        boolean closedByServer = !channel.isOpen();
        channel.unsafe().close(channel.voidPromise()); // as when the peer has gone: no handler is asked
        channel.runPendingTasks();
        collect(channel, answers);
        channel.finishAndReleaseAll();
        channel.runPendingTasks();
        channel.releaseOutbound();
        if (closedByServer && !speaksHttp2(bytes)) {
            assertThat(answers.size())
                    .as("bytes answered before the server closed")
                    .isPositive();
        }
        assertThat(server.bodies().usedBytes()).as("bytes of bodies").isZero();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .as("bytes of buffers")
                .isZero();
        return answers.toByteArray();
    }

    private static void collect(EmbeddedChannel channel, ByteArrayOutputStream answers) {
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            if (message instanceof ByteBuf buffer) {
                byte[] copy = new byte[buffer.readableBytes()];
                buffer.readBytes(copy);
                answers.writeBytes(copy);
            }
            ReferenceCountUtil.release(message);
        }
    }
}
