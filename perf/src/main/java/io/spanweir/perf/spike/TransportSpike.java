package io.spanweir.perf.spike;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.GrpcLoad;
import io.spanweir.perf.load.Requests;
import io.spanweir.perf.load.ServerProcess;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Unary exports received by grpc-java and by a minimal server on Netty's HTTP/2 codec, each in a process of its own; the load
 * comes from this process, alternately, round by round. Both put the message into transit memory, scan it and forget it.
 */
public final class TransportSpike {
    private static final List<String> VARIANTS = List.of("grpc-java", "netty");
    private static final List<String> JVM = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");
    private static final int SEED = 7;
    private static final int CONNECTIONS = 2;
    private static final int CALLS_PER_CONNECTION = 4;
    private static final int WARM_REQUESTS = 25_000;
    private static final int ROUNDS = 15;

    private static final int LOOP = 0;
    private static final int PROCESS = 1;
    private static final int ALLOCATED = 2;
    private static final int RESIDENT = 3;
    private static final int REQUESTS = 4;

    private TransportSpike() {}

    public static void main(String[] args) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "transport: median of %d interleaved rounds, %d connections x %d calls under way, servers %s, JVM %s %s%n",
                ROUNDS,
                CONNECTIONS,
                CALLS_PER_CONNECTION,
                ServerProcess.pins() ? "pinned to core 0" : "not pinned",
                System.getProperty("java.version"),
                String.join(" ", JVM));
        System.out.printf(
                Locale.ROOT,
                "%14s %10s %12s %12s %14s %14s %16s %9s%n",
                "spans/request",
                "server",
                "loop us/req",
                "all us/req",
                "loop us/span",
                "all us/span",
                "allocated B/req",
                "RSS MiB");
        for (int spans : new int[] {10, 100, 500}) {
            compare(spans);
        }
    }

    private static void compare(int spansPerRequest) throws Exception {
        Side grpc = new Side(VARIANTS.get(0), spansPerRequest);
        Side netty = new Side(VARIANTS.get(1), spansPerRequest);
        try (grpc;
                netty) {
            int requestsPerRound = Math.max(1_500, 5_000 - 9 * spansPerRequest);
            grpc.warm();
            netty.warm();
            for (int round = 0; round < ROUNDS; round++) {
                boolean grpcFirst = (round & 1) == 0;
                (grpcFirst ? grpc : netty).round(round, requestsPerRound);
                (grpcFirst ? netty : grpc).round(round, requestsPerRound);
            }
            grpc.print();
            netty.print();
            System.out.printf(
                    Locale.ROOT,
                    "%14s %10s %12.2f %12.2f%n",
                    "",
                    "ratio",
                    Cpu.median(grpc.loopMicros) / Cpu.median(netty.loopMicros),
                    Cpu.median(grpc.processMicros) / Cpu.median(netty.processMicros));
        }
    }

    /** One server and what was measured of it, per request. */
    private static final class Side implements AutoCloseable {
        private final String name;
        private final Requests requests;
        private final ServerProcess server;
        private final GrpcLoad load;
        private final double[] loopMicros = new double[ROUNDS];
        private final double[] processMicros = new double[ROUNDS];
        private final double[] allocatedBytes = new double[ROUNDS];
        private long residentBytes;

        Side(String name, int spansPerRequest) throws Exception {
            this.name = name;
            requests = new Requests(spansPerRequest, SEED);
            server = new ServerProcess(JVM, TransportServer.class, name);
            load = new GrpcLoad(Integer.parseInt(server.line()), requests, CONNECTIONS, CALLS_PER_CONNECTION);
        }

        /** Until most is compiled: the compiler would be counted as CPU of the process. */
        void warm() throws InterruptedException {
            load.runRequests(WARM_REQUESTS);
        }

        void round(int round, int requestCount) throws Exception {
            long[] before = server.numbers();
            load.runRequests(requestCount);
            long[] after = server.numbers();
            if (load.refusedCount() > 0) {
                throw new IllegalStateException(name + " refused: " + load.lastRefusal());
            }
            double count = after[REQUESTS] - before[REQUESTS];
            loopMicros[round] = (after[LOOP] - before[LOOP]) / count / 1e3;
            processMicros[round] = (after[PROCESS] - before[PROCESS]) / count / 1e3;
            allocatedBytes[round] = (after[ALLOCATED] - before[ALLOCATED]) / count;
            residentBytes = after[RESIDENT];
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%14d %10s %12.1f %12.1f %14.3f %14.3f %16.0f %9.1f%n",
                    requests.spanCount(),
                    name,
                    Cpu.median(loopMicros),
                    Cpu.median(processMicros),
                    Cpu.median(loopMicros) / requests.spanCount(),
                    Cpu.median(processMicros) / requests.spanCount(),
                    Cpu.median(allocatedBytes),
                    residentBytes / (double) (1 << 20));
        }

        @Override
        public void close() throws IOException {
            load.close();
            server.close();
        }
    }
}
