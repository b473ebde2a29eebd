package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.spanweir.net.RpcStatus;
import io.spanweir.testsink.RawHttp2;
import io.spanweir.wire.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that are being received on all connections together. */
class GrpcBodiesTest {
    private static final int CAPACITY_BYTES = 256 << 10;
    private static final int HALF_BYTES = 60 << 10;
    private static final byte[] REQUEST = Requests.tracesOfLength(100 << 10).toByteArray();

    private GrpcPort listening;
    private GrpcTransport transport;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        listening = new GrpcPort(2, CAPACITY_BYTES, new GrpcConnections());
        transport = listening.transport;
        port = listening.port;
    }

    @AfterEach
    void stop() {
        listening.close();
    }

    /** As much of messages of 64 KiB as leaves no room for another. */
    private static void sendHalves(RawHttp2 raw) throws Exception {
        byte[] begin = {0, 0, 1, 0, 0};
        for (int stream = 1; stream <= 7; stream += 2) {
            raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.exportHeaders(true))
                    .frame(RawHttp2.DATA, 0, stream, begin);
            for (int sent = 0; sent < HALF_BYTES; sent += 12 << 10) {
                raw.frame(RawHttp2.DATA, 0, stream, new byte[12 << 10]);
            }
        }
        raw.flush();
    }

    @Test
    void whatDoesNotFitIsRefusedForNowAndASlowMessageMakesRoomForIt() throws Exception {
        try (RawHttp2 slow = RawHttp2.connect(port);
                GrpcClient client = listening.client()) {
            sendHalves(slow);
            await().until(() -> transport.bodyBytes() == 4 * HALF_BYTES);

            // More than the window: it cannot be complete before its call is ended.
            byte[] large = Requests.traces("x".repeat(2 << 20)).toByteArray();
            StatusRuntimeException refusal = client.failure(Signal.TRACES, large);
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refusal.getStatus().getDescription()).isEqualTo("too many messages are being received at once");
            byte[] details = refusal.getTrailers()
                    .get(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
            assertThat(RpcStatus.read(details).retryDelayNanos()).isEqualTo(1_000_000_000L);

            await("the oldest to be given up").ignoreExceptions().until(() -> {
                client.export(Signal.TRACES, REQUEST);
                return slow.frames(RawHttp2.HEADERS).size() >= 2;
            });
            assertThat(client.export(Signal.TRACES, REQUEST)).isEmpty();
            assertThat(transport.bodyBytes()).isLessThanOrEqualTo(2 * HALF_BYTES);
        }
        await().until(() -> transport.bodyBytes() == 0);
    }

    @Test
    void messagesThatAreTakenAndClientsThatLeaveTakeNoRoom() throws Exception {
        try (GrpcClient client = listening.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.export(Signal.TRACES, REQUEST)).isEmpty();
            }
            assertThat(transport.bodyBytes()).isZero();
            try (RawHttp2 slow = RawHttp2.connect(port)) {
                sendHalves(slow);
                await().until(() -> transport.bodyBytes() == 4 * HALF_BYTES);
            }
            await().until(() -> transport.bodyBytes() == 0);
            assertThat(client.export(Signal.TRACES, REQUEST)).isEmpty();
        }
    }
}
