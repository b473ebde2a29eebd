package io.spanweir.perf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spanweir.testkit.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireLoadTest {
    private static final long MILLI_NANOS = 1_000_000;
    private static final long STALL_NANOS = 500 * MILLI_NANOS;

    @ParameterizedTest(name = "{0}, {1} spans a request, {2} spans/s")
    @CsvSource({
        "GRPC, 200, 0",
        "GRPC, 7, 0",
        "GRPC, 500, 0",
        "GRPC, 50, 20000",
        "HTTP, 200, 0",
        "HTTP, 50, 20000",
        "HTTP_GZIP, 200, 0"
    })
    void theSinkGetsEverySpanOfEveryAcceptedRequest(LoadProtocol protocol, int spanCount, long spansPerSecond)
            throws Exception {
        try (WireSink sink = new WireSink(protocol);
                WireLoad load = load(protocol, sink.port(), spanCount)) {
            assertThat(load.awaitAccepted(10_000 * MILLI_NANOS)).isTrue();
            LoadResult result = load.run(300 * MILLI_NANOS, spansPerSecond);
            assertThat(result.refusedRequests()).as(result.lastProblem()).isZero();
            assertThat(result.acceptedRequests()).isPositive();
            assertThat(result.latency().count()).isEqualTo(result.acceptedRequests());
            assertThat(sink.spanCount()).isEqualTo(load.acceptedSpansTotal());
            assertThat(sink.requestCount() * spanCount).isEqualTo(sink.spanCount());
            assertThat(sink.problem()).isEmpty();
        }
    }

    @Test
    void anOpenLoopCountsWhatItCouldNotSend() throws Exception {
        try (WireSink sink = new WireSink(LoadProtocol.HTTP);
                WireLoad load = load(LoadProtocol.HTTP, sink.port(), 200)) {
            assertThat(load.awaitAccepted(10_000 * MILLI_NANOS)).isTrue();
            long spansPerSecond = 2_000_000_000L; // 10 requests a microsecond
            LoadResult result = load.run(100 * MILLI_NANOS, spansPerSecond);
            assertThat(result.unsentRequests() + result.acceptedRequests()).isBetween(990_000L, 1_000_001L);
        }
    }

    @Test
    void aStallIsChargedToEveryRequestThatWasDueInIt() throws Exception {
        AtomicBoolean stalled = new AtomicBoolean();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> answerAfterAStall(server, stalled));
            answers.setDaemon(true);
            answers.start();
            RequestImages images = new RequestImages(LoadProtocol.HTTP, 1, "localhost", 1, Seeds.seed());
            try (WireLoad load = new WireLoad(
                    LoadProtocol.HTTP,
                    new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                    images,
                    1,
                    1)) {
                // 100 requests a second; the first one is answered after 500 ms, when 50 are due.
                LoadResult result = load.run(1_000 * MILLI_NANOS, 100);
                assertThat(stalled).isTrue();
                assertThat(result.acceptedRequests()).isGreaterThan(60);
                assertThat(result.latency().quantileNanos(0.75)).isGreaterThan(100 * MILLI_NANOS);
            }
        }
    }

    @Test
    void aServerThatGoesAwayIsARefusalAndNoEnd() throws Exception {
        WireSink sink = new WireSink(LoadProtocol.GRPC);
        try (WireLoad load = load(LoadProtocol.GRPC, sink.port(), 10)) {
            assertThat(load.awaitAccepted(10_000 * MILLI_NANOS)).isTrue();
            sink.close();
            LoadResult result = load.run(50 * MILLI_NANOS);
            assertThat(result.acceptedRequests()).isZero();
            assertThat(result.lastProblem()).isNotEmpty();
        }
    }

    private static WireLoad load(LoadProtocol protocol, int port, int spanCount) throws Exception {
        RequestImages images = new RequestImages(protocol, spanCount, "127.0.0.1:" + port, 1, Seeds.seed());
        return new WireLoad(protocol, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), images, 2, 4);
    }

    private static void answerAfterAStall(ServerSocket server, AtomicBoolean stalled) {
        try (Socket socket = server.accept()) {
            byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] buffer = new byte[64 << 10];
            while (socket.getInputStream().read(buffer) > 0) {
                if (stalled.compareAndSet(false, true)) {
                    long begin = System.nanoTime();
                    await().until(() -> System.nanoTime() - begin > STALL_NANOS);
                }
                socket.getOutputStream().write(answer);
            }
        } catch (java.io.IOException closed) {
            // the load has left
        }
    }
}
