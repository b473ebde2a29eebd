package io.spanweir.perf.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends trace requests that are ready-made, over some connections with some calls under way on each. Closed loop: the next
 * call begins when one has ended. Open loop: requests are due at fixed moments whatever the answers do, and latency counts
 * from these moments, so that a server that stalls is charged with all that it keeps waiting. A refused request of a closed
 * loop is followed by a pause of 20 ms in its place; in an open loop it is lost. Broken connections are made again.
 *
 * <p>Threading: all of it runs on the thread that calls {@link #run}; between two runs nothing is read.
 */
public final class WireLoad implements AutoCloseable {
    private static final long REFUSED_PAUSE_NANOS = 20_000_000;
    private static final long RECONNECT_PAUSE_NANOS = 100_000_000;
    private static final long LAST_ANSWERS_NANOS = 10_000_000_000L;
    private static final long SELECT_MIN_NANOS = 2_000_000;
    private static final long POLL_NANOS = 50_000;
    private static final int SELECT_MILLIS = 10;

    private final LoadProtocol protocol;
    private final InetSocketAddress server;
    private final RequestImages images;
    private final int callsPerConnection;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Consumer<SelectionKey> onKey = WireLoad::onKey;
    private final LoadConnection.Ends ends = this::ended;

    private final Deque<Long> pausedUntilNanos = new ArrayDeque<>();
    private int places;
    private long reconnectAtNanos;
    private int nextConnection;

    private LatencyHistogram latency = new LatencyHistogram();
    private boolean closedLoop;
    private long accepted;
    private long acceptedTotal;
    private long refused;
    private String lastProblem = "";

    /**
     * Connects.
     *
     * @param callsPerConnection under way at once; HTTP/1.1 has as many connections instead
     * @throws IOException when the server cannot be reached
     */
    public WireLoad(
            LoadProtocol protocol,
            InetSocketAddress server,
            RequestImages images,
            int connectionCount,
            int callsPerConnection)
            throws IOException {
        this.protocol = protocol;
        this.server = server;
        this.images = images;
        this.callsPerConnection = protocol.grpc() ? callsPerConnection : 1;
        selector = Selector.open();
        int count = protocol.grpc() ? connectionCount : connectionCount * callsPerConnection;
        try {
            for (int i = 0; i < count; i++) {
                connections.add(connect());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Closed loop for so long, and until the last answer. */
    public LoadResult run(long nanos) throws IOException {
        return run(nanos, 0);
    }

    /**
     * As {@link #run(long)}, as an open loop.
     *
     * @param spansPerSecond 0 for a closed loop
     */
    public LoadResult run(long nanos, long spansPerSecond) throws IOException {
        latency = new LatencyHistogram();
        accepted = 0;
        refused = 0;
        lastProblem = "";
        closedLoop = spansPerSecond == 0;
        places = connections.size() * callsPerConnection;
        pausedUntilNanos.clear();
        long intervalNanos = closedLoop ? 0 : images.spanCount() * 1_000_000_000L / spansPerSecond;
        long cpuBefore = Cpu.ofThisThreadNanos();
        long startNanos = System.nanoTime();
        long dueNanos = startNanos;
        while (true) {
            long nowNanos = System.nanoTime();
            long elapsed = nowNanos - startNanos;
            repair(nowNanos);
            if (elapsed < nanos) {
                dueNanos = closedLoop ? startClosed(nowNanos) : startDue(nowNanos, dueNanos, intervalNanos);
                await(closedLoop ? Long.MAX_VALUE : Math.min(dueNanos, startNanos + nanos) - System.nanoTime());
            } else if (underWay() == 0) {
                break;
            } else if (elapsed > nanos + LAST_ANSWERS_NANOS) {
                abandon();
            } else {
                selector.select(onKey, SELECT_MILLIS);
            }
        }
        long wallNanos = System.nanoTime() - startNanos;
        long unsent = closedLoop ? 0 : Math.max(0, startNanos + nanos - dueNanos + intervalNanos - 1) / intervalNanos;
        return new LoadResult(
                images.spanCount(),
                accepted,
                refused,
                unsent,
                lastProblem,
                wallNanos,
                Cpu.ofThisThreadNanos() - cpuBefore,
                latency);
    }

    /**
     * Waits until the server accepts a request.
     *
     * @return whether it did so in time
     */
    public boolean awaitAccepted(long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            if (run(1_000_000).acceptedRequests() > 0) {
                return true;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    /** Spans of all requests that were accepted in all runs. */
    public long acceptedSpansTotal() {
        return acceptedTotal * images.spanCount();
    }

    @Override
    public void close() {
        connections.forEach(LoadConnection::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new IllegalStateException("a selector that cannot be closed", e);
        }
    }

    private static void onKey(SelectionKey key) {
        ((LoadConnection) key.attachment()).onReady();
    }

    private LoadConnection connect() throws IOException {
        return protocol.grpc()
                ? new GrpcLoadConnection(server, selector, images, ends, callsPerConnection)
                : new HttpLoadConnection(server, selector, images, ends);
    }

    private void repair(long nowNanos) {
        if (nowNanos - reconnectAtNanos < 0) {
            return;
        }
        for (int i = 0; i < connections.size(); i++) {
            if (!connections.get(i).open()) {
                reconnectAtNanos = nowNanos + RECONNECT_PAUSE_NANOS;
                try {
                    connections.set(i, connect());
                } catch (IOException e) {
                    lastProblem = String.valueOf(e.getMessage());
                    return;
                }
            }
        }
    }

    private long startClosed(long nowNanos) {
        while (!pausedUntilNanos.isEmpty() && nowNanos - pausedUntilNanos.getFirst() >= 0) {
            pausedUntilNanos.removeFirst();
        }
        int free = places - pausedUntilNanos.size() - underWay();
        while (free-- > 0) {
            LoadConnection connection = readyConnection();
            if (connection == null) {
                break;
            }
            connection.begin(System.nanoTime());
        }
        return nowNanos;
    }

    private long startDue(long nowNanos, long dueNanos, long intervalNanos) {
        long due = dueNanos;
        while (nowNanos - due >= 0) {
            LoadConnection connection = readyConnection();
            if (connection == null) {
                break;
            }
            connection.begin(due);
            due += intervalNanos;
        }
        return due;
    }

    private @Nullable LoadConnection readyConnection() {
        for (int i = 0; i < connections.size(); i++) {
            LoadConnection connection = connections.get(nextConnection);
            nextConnection = nextConnection + 1 == connections.size() ? 0 : nextConnection + 1;
            if (connection.ready()) {
                return connection;
            }
        }
        return null;
    }

    /** Handles what has come; sleeps until something comes or, about, so long. */
    private void await(long nanos) throws IOException {
        if (nanos >= SELECT_MIN_NANOS) {
            selector.select(onKey, Math.min(SELECT_MILLIS, nanos / 1_000_000 - 1));
        } else if (nanos <= 0) {
            selector.select(onKey, 1); // due, but all connections are busy
        } else if (selector.selectNow(onKey) == 0) {
            LockSupport.parkNanos(underWay() > 0 ? Math.min(nanos, POLL_NANOS) : nanos);
        }
    }

    private void abandon() {
        for (LoadConnection connection : connections) {
            if (connection.underWay() > 0) {
                connection.close();
                connection.abandon("no answer within 10 s of the end");
            }
        }
    }

    private int underWay() {
        int count = 0;
        for (int i = 0; i < connections.size(); i++) {
            count += connections.get(i).underWay();
        }
        return count;
    }

    private void ended(LoadConnection connection, long sinceNanos, @Nullable String problem) {
        long nowNanos = System.nanoTime();
        if (problem == null) {
            accepted++;
            acceptedTotal++;
            latency.record(nowNanos - sinceNanos);
        } else {
            refused++;
            lastProblem = problem;
            if (closedLoop) {
                pausedUntilNanos.addLast(nowNanos + REFUSED_PAUSE_NANOS);
            }
        }
    }
}
