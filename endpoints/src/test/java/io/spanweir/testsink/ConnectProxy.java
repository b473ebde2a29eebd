package io.spanweir.testsink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy on a free port of 127.0.0.1, in the plainest way: a thread for each direction of a connection. CONNECT opens
 * a tunnel; a request with a whole URL opens one too, to the URL's host, and is passed on as it is.
 */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String refusal;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private ConnectProxy(String refusal) throws IOException {
        this.refusal = refusal;
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        spawn(this::accept);
    }

    public static ConnectProxy start() throws IOException {
        return new ConnectProxy(null);
    }

    /** @param answer the status line with which every request is answered; empty: the connection is closed instead */
    public static ConnectProxy refusing(String answer) throws IOException {
        return new ConnectProxy(answer);
    }

    /** {@code 127.0.0.1:port}. */
    public String authority() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The first request of each connection, without its body. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void spawn(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        return; // the other side has closed, or the proxy has
                    }
                },
                "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            spawn(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        heads.add(text);
        OutputStream out = client.getOutputStream();
        if (refusal != null) {
            out.write(
                    refusal.isEmpty()
                            ? new byte[0]
                            : (refusal + "\r\ncontent-length: 0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            client.close();
            return;
        }
        String target = text.split(" ", 3)[1];
        boolean tunnel = text.startsWith("CONNECT ");
        String authority = tunnel ? target : target.substring("http://".length(), target.indexOf('/', 8));
        int colon = authority.lastIndexOf(':');
        Socket origin = new Socket(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)));
        sockets.add(origin);
        if (tunnel) {
            out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        } else {
            origin.getOutputStream().write(head.toByteArray());
        }
        spawn(() -> pass(origin, client));
        pass(client, origin);
    }

    private static void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
