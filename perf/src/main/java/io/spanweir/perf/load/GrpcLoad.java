package io.spanweir.perf.load;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A closed loop of unary exports: some connections, some calls under way on each, the next call when one is answered. One
 * event loop makes and sends everything. A refused request is repeated, with new ids, after a pause.
 */
public final class GrpcLoad implements AutoCloseable {
    private static final MethodDescriptor<byte[], byte[]> EXPORT = ExportMethod.of(ExportMethod.BYTES_OUT);
    private static final long REFUSED_PAUSE_NANOS = 20_000_000;

    private final Requests requests;
    private final int callsPerConnection;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ManagedChannel> connections = new ArrayList<>();

    private volatile long acceptedCount;
    private volatile long refusedCount;
    private volatile String lastRefusal = "";

    // Event loop.
    private long endNanos;
    private long left;
    private long nanosPerRequest;
    private long nextNanos;
    private int underWay;
    private CountDownLatch done = new CountDownLatch(0);

    public GrpcLoad(int port, Requests requests, int connectionCount, int callsPerConnection) {
        this.requests = requests;
        this.callsPerConnection = callsPerConnection;
        for (int i = 0; i < connectionCount; i++) {
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            InetAddress.getLoopbackAddress().getHostAddress(), port)
                    .usePlaintext()
                    .directExecutor()
                    .eventLoopGroup(loop)
                    .channelType(NioSocketChannel.class)
                    .flowControlWindow(NettyUnaryServer.FLOW_CONTROL_WINDOW_BYTES)
                    .build();
            // A message that waits for a connection would be overwritten: the first call of each is waited for.
            ClientCalls.blockingUnaryCall(channel, EXPORT, CallOptions.DEFAULT, requests.next());
            connections.add(channel);
        }
    }

    /** Sends until as many requests are accepted; returns when all calls have ended. */
    public void runRequests(long count) throws InterruptedException {
        run(count, Long.MAX_VALUE / 2, 0);
    }

    /**
     * Sends for so long; returns when all calls have ended.
     *
     * @param spansPerSecondMax 0 for as fast as answers come
     */
    public void runFor(long nanos, long spansPerSecondMax) throws InterruptedException {
        run(
                Long.MAX_VALUE,
                nanos,
                spansPerSecondMax == 0 ? 0 : requests.spanCount() * 1_000_000_000L / spansPerSecondMax);
    }

    private void run(long count, long nanos, long nanosPerRequest) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        loop.execute(() -> {
            done = end;
            left = count;
            this.nanosPerRequest = nanosPerRequest;
            nextNanos = System.nanoTime();
            endNanos = nextNanos + nanos;
            for (ManagedChannel connection : connections) {
                for (int i = 0; i < callsPerConnection; i++) {
                    underWay++;
                    send(connection);
                }
            }
        });
        end.await();
    }

    /** Requests answered with status 0. */
    public long acceptedCount() {
        return acceptedCount;
    }

    public long refusedCount() {
        return refusedCount;
    }

    /** The last status that was not 0, or nothing. */
    public String lastRefusal() {
        return lastRefusal;
    }

    @Override
    public void close() {
        connections.forEach(ManagedChannel::shutdownNow);
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void later(ManagedChannel connection, long nanos) {
        var unused = loop.schedule(() -> send(connection), nanos, TimeUnit.NANOSECONDS);
    }

    private void send(ManagedChannel connection) {
        long nowNanos = System.nanoTime();
        if (left > 0 && nanosPerRequest > 0 && nowNanos - nextNanos < 0 && nowNanos - endNanos < 0) {
            later(connection, nextNanos - nowNanos);
            return;
        }
        nextNanos += nanosPerRequest;
        if (left <= 0 || nowNanos - endNanos >= 0) {
            if (--underWay == 0) {
                done.countDown();
            }
            return;
        }
        left--;
        ClientCall<byte[], byte[]> call = connection.newCall(EXPORT, CallOptions.DEFAULT);
        call.start(new Answer(connection), new Metadata());
        call.request(2);
        call.sendMessage(requests.next());
        call.halfClose();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private final class Answer extends ClientCall.Listener<byte[]> {
        private final ManagedChannel connection;

        Answer(ManagedChannel connection) {
            this.connection = connection;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                acceptedCount++;
                // Not from here: the stack would grow with a server that answers at once.
                loop.execute(() -> send(connection));
            } else {
                refusedCount++;
                lastRefusal = status.toString();
                left++;
                later(connection, REFUSED_PAUSE_NANOS);
            }
        }
    }
}
