package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.sun.management.UnixOperatingSystemMXBean;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.spanweir.net.BodyBudget;
import io.spanweir.net.EventLoops;
import io.spanweir.net.Http2Guard;
import io.spanweir.net.HttpServer;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As many connections as are allowed, which then say nothing: what they cost, who is served, and who is not let in. */
@Timeout(120)
class IdleConnectionsTest {
    /** Of both ends together: the clients are in this process. */
    private static final long HEAP_BYTES_PER_CONNECTION_MAX = 12 << 10;

    /** On and off the heap, for all connections: what is idle has no buffers. */
    private static final long NETTY_BYTES_MAX = 4L << 20;

    /** What may stay of each connection when it has gone: nothing; but queues and tables do not shrink. */
    private static final long HEAP_BYTES_LEFT_MAX = 128;

    /** What else the JVM may need more meanwhile. */
    private static final long HEAP_BYTES_OF_OTHERS_MAX = 1 << 20;

    /** Shorter than any time limit of a connection: none may be kept until it is over. */
    private static final Duration LEFT_BEHIND_MAX = Duration.ofSeconds(5);

    private static final long LATENCY_NANOS_MAX = 5_000_000_000L;

    private static final UnixOperatingSystemMXBean SYSTEM =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Both ends are files of this process, and others need some. */
    private static final int MANY =
            (int) Math.min(HttpServer.CONNECTIONS_MAX, SYSTEM.getMaxFileDescriptorCount() / 2 - 500);

    private static final int FEW = 1_000;
    private static final int BEYOND = 100;
    /** Fewer than wait in the backlog of a listener. */
    private static final int AT_ONCE = 250;

    private static final int FILES_OF_OTHERS_MAX = 100;

    private static final byte[] NOTHING = {};
    private static final byte[] REQUEST = Requests.tracesOfLength(2_000).toByteArray();
    private static final byte[] HTTP2_PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final String EXPORT_HEAD =
            "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: ";
    private static final byte[] EMPTY_EXPORT = (EXPORT_HEAD + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

    private final EventLoopGroup loops = EventLoops.create("otlp-test", 1);
    private final List<SocketChannel> idle = new ArrayList<>();
    private final RecordingContext context = new RecordingContext();
    private OtlpReceiver.Transport transport;
    private InetSocketAddress address;

    /** Exports on a connection of its own. */
    private interface Honest extends AutoCloseable {
        void export() throws Exception;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                argumentSet("gRPC, nothing said", FEW, true, NOTHING, true),
                argumentSet("gRPC, settings exchanged", MANY, true, HTTP2_PREFACE, true),
                argumentSet("HTTP, nothing said", FEW, false, NOTHING, false),
                argumentSet("HTTP/2, settings exchanged", FEW, false, HTTP2_PREFACE, true),
                argumentSet("HTTP/1.1, one request answered", MANY, false, EMPTY_EXPORT, true));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void idleConnectionsCostLittleAndNoMoreAreLetInThanAllowed(
            int connections, boolean grpc, byte[] opening, boolean answered) throws Exception {
        assertThat(MANY).as("connections that the limit of files allows").isGreaterThanOrEqualTo(FEW);
        listen(grpc, connections + 1);
        try (Honest honest = grpc ? honestGrpc() : honestHttp()) {
            serve(honest);
            long filesBefore = SYSTEM.getOpenFileDescriptorCount();
            long heapBefore = heapBytes();
            long nettyBefore = UnderAttack.nettyBytes();

            connectAll(honest, connections, opening, answered);
            long heapBytesEach = (heapBytes() - heapBefore) / connections;
            long nettyBytes = UnderAttack.nettyBytes() - nettyBefore;
            assertThat(heapBytesEach).as("heap for each connection").isLessThan(HEAP_BYTES_PER_CONNECTION_MAX);
            assertThat(nettyBytes).as("memory of Netty").isLessThan(NETTY_BYTES_MAX);

            for (int i = 0; i < BEYOND; i++) {
                try (SocketChannel refused = SocketChannel.open(address)) {
                    assertThat(ended(refused)).as("one more connection").isTrue();
                }
            }
            serve(honest);

            closeAll();
            await("every connection is closed on both ends")
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> SYSTEM.getOpenFileDescriptorCount() < filesBefore + FILES_OF_OTHERS_MAX);
            await("no connection is kept in memory")
                    .atMost(LEFT_BEHIND_MAX)
                    .until(() ->
                            heapBytes() - heapBefore < connections * HEAP_BYTES_LEFT_MAX + HEAP_BYTES_OF_OTHERS_MAX);
            serve(honest);
            try (Honest next = grpc ? honestGrpc() : honestHttp()) {
                serve(next);
            }
        }
    }

    private void listen(boolean grpc, int connectionsMax) throws Exception {
        String endpoint = "{endpoint: \"127.0.0.1:0\"}";
        OtlpReceiverConfig config = Running.decode("protocols: {grpc: " + endpoint + ", http: " + endpoint + "}");
        transport = grpc
                ? new GrpcTransport(
                        config.grpc(),
                        context,
                        loops,
                        BodyBudget.capacityBytes(config.grpc().maxMessageBytes()),
                        new GrpcConnections(connectionsMax, Http2Guard.OWED))
                : new HttpTransport(config.http(), context, loops, connectionsMax);
        address = transport.start();
    }

    private void connectAll(Honest honest, int connections, byte[] opening, boolean answered) throws Exception {
        while (idle.size() < connections) {
            int begin = idle.size();
            int end = Math.min(connections, begin + AT_ONCE);
            for (int i = begin; i < end; i++) {
                idle.add(SocketChannel.open(address));
                send(idle.get(i), opening);
            }
            if (!answered) { // the last one says something: it is let in after the others
                send(idle.get(end - 1), EMPTY_EXPORT);
            }
            for (SocketChannel one : idle.subList(answered ? begin : end - 1, end)) {
                assertThat(one.read(ByteBuffer.allocate(1_000))).as("answer").isPositive();
            }
            serve(honest);
        }
    }

    private static void send(SocketChannel connection, byte[] bytes) throws IOException {
        connection.write(ByteBuffer.wrap(bytes));
    }

    private static boolean ended(SocketChannel connection) {
        try {
            return connection.read(ByteBuffer.allocate(1_000)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Every second one with a reset. */
    private void closeAll() throws IOException {
        for (int i = 0; i < idle.size(); i++) {
            if (i % 2 == 0) {
                idle.get(i).setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            idle.get(i).close();
        }
        idle.clear();
    }

    @AfterEach
    void stop() throws Exception {
        closeAll();
        transport.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        transport.close();
        assertThat(context.intakesOpen.get()).as("open intakes").isZero();
        assertThat(context.transit.usedBytes()).as("transit memory").isZero();
    }

    private static void serve(Honest honest) throws Exception {
        long begin = System.nanoTime();
        honest.export();
        assertThat(System.nanoTime() - begin).as("time of an honest request").isLessThan(LATENCY_NANOS_MAX);
    }

    private Honest honestGrpc() {
        GrpcClient client = new GrpcClient(
                NettyChannelBuilder.forAddress("127.0.0.1", address.getPort()).usePlaintext());
        return new Honest() {
            @Override
            public void export() {
                assertThat(client.export(Signal.TRACES, REQUEST)).isEmpty();
            }

            @Override
            public void close() throws Exception {
                client.close();
            }
        };
    }

    private Honest honestHttp() throws IOException {
        RawHttp client = new RawHttp(address.getPort());
        return new Honest() {
            @Override
            public void export() throws IOException {
                client.send(EXPORT_HEAD + REQUEST.length + "\r\n\r\n");
                client.send(REQUEST);
                assertThat(client.reply().status()).isEqualTo(200);
            }

            @Override
            public void close() throws Exception {
                client.close();
            }
        };
    }

    /** Of what is reachable. Twice: what the first collection finds unreachable may hold on to more. */
    private static long heapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
