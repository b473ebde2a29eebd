package io.spanweir.exporter;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose every connection is handled byte by byte, on a thread of its own, until it is closed. */
final class RawBackend implements Closeable {
    /** What the backend does with one connection; its end closes it. */
    interface Conduct {
        void handle(Connection connection) throws IOException;
    }

    /** One accepted connection. */
    record Connection(Socket socket, InputStream in, OutputStream out) {
        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Reads and forgets until the client closes. */
        void swallow() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /** The client sees a reset and not an end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final AtomicInteger connections = new AtomicInteger();

    RawBackend(Conduct conduct) throws IOException {
        start("raw-backend", () -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                start("raw-backend-connection", () -> {
                    try (socket) {
                        conduct.handle(new Connection(socket, socket.getInputStream(), socket.getOutputStream()));
                    } finally {
                        open.remove(socket);
                    }
                });
            }
        });
    }

    private interface Io {
        void run() throws IOException;
    }

    private static void start(String name, Io task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException end) {
                        return; // the other side has closed, or the test is over
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
