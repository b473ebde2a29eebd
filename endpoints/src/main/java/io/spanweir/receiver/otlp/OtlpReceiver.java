package io.spanweir.receiver.otlp;

import io.netty.channel.EventLoopGroup;
import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverContext;
import io.spanweir.net.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One group of I/O threads and the protocols that are configured. Threading: one thread at a time. */
@SuppressWarnings("FutureReturnValueIgnored") // the end of the group is awaited
final class OtlpReceiver implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(OtlpReceiver.class);
    private static final long STOP_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LOOPS_END_MILLIS = 2_000;

    /** One protocol: requests in by {@link Admissions}, answers out. */
    interface Transport {
        /** Listens. @throws IOException with a message for the user */
        InetSocketAddress start() throws IOException;

        /** Refuses what is new, answers what is under way, cuts what is left at the deadline of {@link System#nanoTime}. */
        void stop(long deadlineNanos);

        /** Frees what it holds; its I/O threads have ended. */
        void close();
    }

    private record Named(String name, Transport transport) {}

    private final OtlpReceiverConfig config;
    private final ReceiverContext context;
    private final List<Named> started = new ArrayList<>();
    private @Nullable EventLoopGroup loops;

    OtlpReceiver(OtlpReceiverConfig config, ReceiverContext context) {
        this.config = config;
        this.context = context;
    }

    @Override
    public void start() throws IOException {
        EventLoopGroup group = EventLoops.create("otlp");
        loops = group;
        try {
            if (config.grpc() != null) {
                start("grpc", new GrpcTransport(config.grpc(), context, group));
            }
            if (config.http() != null) {
                start("http", new HttpTransport(config.http(), context, group));
            }
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    private void start(String name, Transport transport) throws IOException {
        started.add(new Named(name, transport));
        try {
            context.listening(name, transport.start());
        } catch (IOException e) {
            throw new IOException("receiver " + context.id() + ": protocols." + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        EventLoopGroup group = loops;
        if (group == null) {
            return;
        }
        loops = null;
        long deadlineNanos = System.nanoTime() + STOP_NANOS;
        List<Thread> stops = new ArrayList<>();
        for (Named one : started) {
            // Side by side: both drain within one deadline.
            Thread thread = new Thread(() -> one.transport.stop(deadlineNanos), "spanweir-otlp-stop-" + one.name);
            thread.start();
            stops.add(thread);
        }
        try {
            for (Thread thread : stops) {
                thread.join();
            }
            group.shutdownGracefully(0, LOOPS_END_MILLIS / 2, TimeUnit.MILLISECONDS);
            if (!group.awaitTermination(LOOPS_END_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("I/O threads do not end. receiver={}", context.id());
                return; // they may still use their intakes
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        started.forEach(one -> one.transport.close());
        started.clear();
    }
}
