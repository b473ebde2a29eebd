package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OtlpReceiverStopTest {
    private static final String BOTH =
            "protocols: {grpc: {endpoint: \"127.0.0.1:0\"}, http: {endpoint: \"127.0.0.1:0\"}}";

    private static Thread stopping(Running running) {
        Thread thread = new Thread(running::stop);
        thread.start();
        return thread;
    }

    @Test
    void bothProtocolsShareTheirThreads() throws Exception {
        try (Running running = Running.start(new RecordingContext(), BOTH);
                GrpcClient client = new GrpcClient(running);
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            client.export(Signal.TRACES, Requests.TRACES.toByteArray());
            raw.send(request());
            assertThat(raw.reply().status()).isEqualTo(200);

            assertThat(running.context.taken)
                    .extracting(taken -> taken.thread().replaceFirst("-[0-9]+$", ""))
                    .hasSize(2)
                    .containsOnly(running.context.taken.get(0).thread().replaceFirst("-[0-9]+$", ""));
        }
    }

    private static String request() {
        String body = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"x\"}]}]}]}";
        return "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeItStops() throws Exception {
        try (Running running = Running.start(new RecordingContext(), BOTH);
                GrpcClient client = new GrpcClient(running);
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            running.context.waitsForResult = true;
            Future<byte[]> grpc = client.exportLater(Signal.TRACES, Requests.TRACES.toByteArray());
            raw.send(request());
            await().until(() -> running.context.unsettled.size() == 2);
            Thread stop = stopping(running);
            await().until(() -> refusesConnections(running.context.port("http")));

            running.context.unsettled.forEach(settlement -> settlement.settle());

            assertThat(grpc.get()).isEmpty();
            RawHttp.Reply reply = raw.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Connection")).isEqualTo("close");
            stop.join();
        }
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void whatArrivesWhileItStopsIsSentAwayForAWhile() throws Exception {
        try (Running running = Running.start(new RecordingContext(), BOTH);
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            running.context.waitsForResult = true;
            raw.send(request());
            await().until(() -> running.context.unsettled.size() == 1);
            // A head without its body keeps this one busy until after the stop.
            try (RawHttp late = new RawHttp(running.context.port("http"))) {
                String request = request().replace("Host: a", "Host: a\r\nExpect: 100-continue");
                int split = request.indexOf("\r\n\r\n") + 4;
                late.send(request.substring(0, split));
                assertThat(late.reply().status()).isEqualTo(100);
                Thread stop = stopping(running);
                await().until(() -> refusesConnections(running.context.port("http")));
                late.send(request.substring(split));

                RawHttp.Reply reply = late.reply();
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.header("Retry-After")).isEqualTo("1");
                assertThat(reply.body()).contains("the receiver is shutting down");
                running.context.unsettled.get(0).settle();
                assertThat(raw.reply().status()).isEqualTo(200);
                stop.join();
            }
            assertThat(running.context.taken).hasSize(1);
        }
    }

    @Test
    void idleConnectionsDoNotDelayIt() throws Exception {
        try (Running running = Running.start(new RecordingContext(), BOTH);
                GrpcClient client = new GrpcClient(running);
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            client.export(Signal.TRACES, Requests.TRACES.toByteArray());
            raw.send(request());
            assertThat(raw.reply().status()).isEqualTo(200);
            long begin = System.nanoTime();
            running.stop();

            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(4_000);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void whatIsNeverAnsweredIsCutAtTheDeadline() throws Exception {
        try (Running running = Running.start(new RecordingContext(), BOTH);
                GrpcClient client = new GrpcClient(running);
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            running.context.waitsForResult = true;
            Future<byte[]> grpc = client.exportLater(Signal.TRACES, Requests.TRACES.toByteArray());
            raw.send(request());
            await().until(() -> running.context.unsettled.size() == 2);
            long begin = System.nanoTime();
            running.stop();

            assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(4_900L, 12_000L);
            assertThat(raw.isClosed()).isTrue();
            assertThatThrownBy(grpc::get)
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(
                            failure -> assertThat(Status.fromThrowable(failure).getCode())
                                    .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED));
            running.context.unsettled.forEach(settlement -> settlement.settle());
        }
    }

    @Test
    void aPortThatIsTakenStopsWhatHasBeenStarted() throws Exception {
        try (Running first = Running.http("")) {
            int taken = first.context.port("http");
            RecordingContext context = new RecordingContext();
            assertThatThrownBy(() -> Running.start(
                            context,
                            "protocols: {grpc: {endpoint: \"127.0.0.1:0\"}, http: {endpoint: \"127.0.0.1:" + taken
                                    + "\"}}"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("receiver otlp: protocols.http: cannot listen on 127.0.0.1:" + taken
                            + " (address already in use)");

            assertThat(refusesConnections(context.port("grpc"))).isTrue();
        }
    }

    @Test
    void aGrpcPortThatIsTakenIsNamed() throws Exception {
        try (Running first = Running.http("")) {
            int taken = first.context.port("http");
            assertThatThrownBy(() -> Running.start(
                            new RecordingContext(), "protocols: {grpc: {endpoint: \"127.0.0.1:" + taken + "\"}}"))
                    .hasMessage("receiver otlp: protocols.grpc: cannot listen on 127.0.0.1:" + taken
                            + " (address already in use)");
        }
    }

    @Test
    void itCanBeStoppedTwiceAndBeforeItStarts() {
        RecordingContext context = new RecordingContext();
        var receiver = Running.decode(BOTH).build(context);
        receiver.stop();
        receiver.stop();

        assertThat(context.addresses).isEmpty();
    }
}
