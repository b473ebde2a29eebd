package io.spanweir.perf.spike;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.NettyUnaryServer;
import io.spanweir.perf.load.Taker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A server process of {@link TransportSpike}. Prints its port, then, for every line it reads, what it has used so far: CPU of
 * the event loop, CPU of the process, bytes allocated by the event loop, resident bytes, requests, spans. Ends with its input.
 */
public final class TransportServer {
    private TransportServer() {}

    public static void main(String[] args) throws Exception {
        Taker taker = new Taker();
        switch (args[0]) {
            case "grpc-java" -> System.out.println(new GrpcJavaServer(taker).port());
            case "netty" -> System.out.println(new NettyUnaryServer(taker).port());
            default -> throw new IllegalArgumentException(args[0] + ": expected grpc-java or netty");
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (commands.readLine() != null) {
            long loop = taker.threadId();
            System.out.println(Cpu.ofThreadNanos(loop)
                    + " " + Cpu.ofThisProcessNanos()
                    + " " + Cpu.allocatedBytes(loop)
                    + " " + Cpu.residentBytes(ProcessHandle.current().pid())
                    + " " + taker.requestCount()
                    + " " + taker.spanCount());
        }
        System.exit(0);
    }
}
