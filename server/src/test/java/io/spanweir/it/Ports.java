package io.spanweir.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for programs that cannot say which one they took, or that come back on the same one. */
final class Ports {
    /** Below the range from which systems take the local ports of clients: one of those must not sit on a port that is to come back. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 10_000;
    private static final int ATTEMPTS_MAX = 100;

    private Ports() {}

    /** A port of 127.0.0.1 on which nothing listens. */
    static int free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            try (ServerSocket socket = new ServerSocket(port, 1, loopback)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                if (attempt == ATTEMPTS_MAX - 1) {
                    throw e;
                }
            }
        }
        throw new AssertionError("not reached");
    }
}
