package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.spanweir.net.Compressed;
import io.spanweir.net.ContentEncoding;
import io.spanweir.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcTransportTest {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    static Stream<Arguments> signals() {
        return Stream.of(
                argumentSet("traces", Signal.TRACES, Requests.TRACES),
                argumentSet("metrics", Signal.METRICS, Requests.METRICS),
                argumentSet("logs", Signal.LOGS, Requests.LOGS));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aRequestIsTakenByteByByteAndAnsweredWithAnEmptyMessage(Signal signal, Message request) throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            assertThat(client.export(signal, request.toByteArray())).isEmpty();

            assertThat(running.context.taken).singleElement().satisfies(taken -> {
                assertThat(taken.signal()).isEqualTo(signal);
                assertThat(taken.transport()).isEqualTo("grpc");
                assertThat(taken.message()).isEqualTo(request);
                assertThat(taken.metadata().isEmpty()).isTrue();
                assertThat(taken.thread()).startsWith("spanweir-otlp");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aSignalThatNoPipelineListsIsUnimplemented(Signal signal, Message request) throws Exception {
        Signal other = signal == Signal.LOGS ? Signal.TRACES : Signal.LOGS;
        try (Running running = Running.grpc("", other);
                GrpcClient client = new GrpcClient(running)) {
            assertThat(GrpcClient.code(client.failure(signal, request.toByteArray())))
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }

    @Test
    void anEmptyRequestSucceeds() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            assertThat(client.export(Signal.TRACES, new byte[0])).isEmpty();
            assertThat(running.context.taken).isEmpty();
        }
    }

    @Test
    void manyRequestsOnOneConnectionAllArrive() throws Exception {
        try (Running running = Running.grpc("max_concurrent_streams: 7");
                GrpcClient client = new GrpcClient(running)) {
            byte[] request = Requests.tracesOfLength(70_000).toByteArray();
            List<Future<byte[]>> answers = Stream.generate(() -> client.exportLater(Signal.TRACES, request))
                    .limit(200)
                    .toList();
            for (Future<byte[]> answer : answers) {
                assertThat(answer.get()).isEmpty();
            }
            assertThat(running.context.taken).hasSize(200);
        }
    }

    /** A compression of the sender's side. */
    private record Sender(String name, ContentEncoding encoding) implements Codec {
        @Override
        public String getMessageEncoding() {
            return name;
        }

        @Override
        public OutputStream compress(OutputStream target) {
            return new ByteArrayOutputStream() {
                @Override
                public void close() throws IOException {
                    target.write(Compressed.with(encoding, toByteArray()));
                    target.close();
                }
            };
        }

        @Override
        public InputStream decompress(InputStream stream) {
            throw new IllegalStateException("answers are not compressed");
        }
    }

    private static GrpcClient compressing(Running running, String name, ContentEncoding encoding) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Sender(name, encoding));
        return new GrpcClient(NettyChannelBuilder.forAddress("127.0.0.1", running.context.port("grpc"))
                .usePlaintext()
                .compressorRegistry(registry));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"gzip, GZIP", "zstd, ZSTD", "snappy, SNAPPY_FRAMED", "deflate, DEFLATE", "zlib, ZLIB"})
    void everyCompressionIsUndoneUpToTheLimit(String name, ContentEncoding encoding) throws Exception {
        CallOptions compressed = CallOptions.DEFAULT.withCompression(name);
        try (Running running = Running.grpc("max_recv_msg_size_mib: 1");
                GrpcClient client = compressing(running, name, encoding)) {
            Message fits = Requests.tracesOfLength(1 << 20);
            assertThat(client.export(Signal.TRACES, fits.toByteArray(), compressed))
                    .isEmpty();
            assertThat(running.context.taken.get(0).message()).isEqualTo(fits);

            byte[] tooLong = Requests.tracesOfLength((1 << 20) + 1).toByteArray();
            StatusRuntimeException refused = client.failure(Signal.TRACES, tooLong, compressed);
            assertThat(GrpcClient.code(refused)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(details(refused)).doesNotContain("RetryInfo");

            byte[] bomb = new byte[8 << 20];
            assertThat(GrpcClient.code(client.failure(Signal.TRACES, bomb, compressed)))
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(running.context.failed).hasValue(2);
        }
    }

    @Test
    void damagedCompressionIsMalformed() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = compressing(running, "gzip", ContentEncoding.ZSTD)) {
            StatusRuntimeException failure = client.failure(
                    Signal.TRACES, Requests.TRACES.toByteArray(), CallOptions.DEFAULT.withCompression("gzip"));

            assertThat(GrpcClient.code(failure)).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription()).contains("gzip header is damaged");
        }
    }

    @Test
    void anUnknownCompressionIsUnimplemented() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = compressing(running, "br", ContentEncoding.IDENTITY)) {
            StatusRuntimeException failure = client.failure(
                    Signal.TRACES, Requests.TRACES.toByteArray(), CallOptions.DEFAULT.withCompression("br"));

            assertThat(GrpcClient.code(failure)).isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }

    @Test
    void aMessageOfTheDefaultLimitIsTakenAndOneByteMoreIsTooLarge() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            assertThat(client.export(
                            Signal.TRACES, Requests.tracesOfLength(4 << 20).toByteArray()))
                    .isEmpty();
            StatusRuntimeException failure = client.failure(
                    Signal.TRACES, Requests.tracesOfLength((4 << 20) + 1).toByteArray());

            assertThat(GrpcClient.code(failure)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(details(failure)).doesNotContain("RetryInfo");
        }
    }

    /** The trailer as text; every part of it has been read by protobuf-java. */
    private static String details(StatusRuntimeException failure) throws IOException {
        Metadata trailers = failure.getTrailers();
        byte[] bytes = trailers == null ? null : trailers.get(DETAILS);
        return bytes == null ? "" : UnknownFieldSet.parseFrom(bytes).toString();
    }

    private static UnknownFieldSet status(StatusRuntimeException failure) throws IOException {
        return UnknownFieldSet.parseFrom(failure.getTrailers().get(DETAILS));
    }

    private static UnknownFieldSet message(UnknownFieldSet parent, int field) throws IOException {
        return UnknownFieldSet.parseFrom(text(parent, field));
    }

    private static ByteString text(UnknownFieldSet parent, int field) {
        return parent.getField(field).getLengthDelimitedList().get(0);
    }

    private static long number(UnknownFieldSet parent, int field) {
        return parent.getField(field).getVarintList().get(0);
    }

    @ParameterizedTest(name = "full store {0}")
    @CsvSource({"true", "false"})
    void aRefusalSaysWhenToComeBack(boolean storeFull) throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            running.context.full = storeFull;
            running.context.ringFull = !storeFull;
            StatusRuntimeException failure = client.failure(Signal.TRACES, Requests.TRACES.toByteArray());

            assertThat(GrpcClient.code(failure)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.getStatus().getDescription()).isEqualTo(RecordingContext.REFUSAL);
            UnknownFieldSet status = status(failure);
            assertThat(number(status, 1)).isEqualTo(14);
            assertThat(text(status, 2).toStringUtf8()).isEqualTo(RecordingContext.REFUSAL);
            UnknownFieldSet any = message(status, 3);
            assertThat(text(any, 1).toStringUtf8()).isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
            UnknownFieldSet delay = message(message(any, 2), 1);
            assertThat(number(delay, 1)).isEqualTo(1);
            assertThat(number(delay, 2)).isEqualTo(500_000_000);

            running.context.full = false;
            running.context.ringFull = false;
            assertThat(client.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
        }
    }

    @Test
    void aMalformedRequestIsAnsweredWithItsField() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            StatusRuntimeException failure = client.failure(Signal.TRACES, new byte[] {10, 32, 1});

            assertThat(GrpcClient.code(failure)).isEqualTo(Status.Code.INVALID_ARGUMENT);
            UnknownFieldSet any = message(status(failure), 3);
            assertThat(number(status(failure), 1)).isEqualTo(3);
            assertThat(text(any, 1).toStringUtf8()).isEqualTo("type.googleapis.com/google.rpc.BadRequest");
            UnknownFieldSet violation = message(message(any, 2), 1);
            assertThat(text(violation, 1).toStringUtf8())
                    .isEqualTo("resource_spans[0].scope_spans[0].spans[1].trace_id");
            assertThat(text(violation, 2).toStringUtf8()).isEqualTo("15 bytes at offset 9, expected 16");
        }
    }

    @Test
    void aDefectIsInternalAndTheConnectionLivesOn() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            running.context.broken = true;
            assertThat(GrpcClient.code(client.failure(Signal.TRACES, Requests.TRACES.toByteArray())))
                    .isEqualTo(Status.Code.INTERNAL);
            running.context.broken = false;
            assertThat(client.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
        }
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                argumentSet("delivered", "", false, Status.Code.OK),
                argumentSet("not now", "tempo does not answer", true, Status.Code.UNAVAILABLE),
                argumentSet("never", "tempo refuses it", false, Status.Code.INTERNAL));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void anAnswerThatWaitsForTheResultTellsIt(String failure, boolean retryable, Status.Code code) throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            running.context.waitsForResult = true;
            Future<byte[]> answer = client.exportLater(Signal.TRACES, Requests.TRACES.toByteArray());
            await().until(() -> running.context.unsettled.size() == 1);
            assertThat(answer).isNotDone();

            if (failure.isEmpty()) {
                running.context.unsettled.get(0).settle();
                assertThat(answer.get()).isEmpty();
            } else {
                running.context.unsettled.get(0).fail(failure, retryable);
                assertThatThrownBy(answer::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .satisfies(
                                cause -> assertThat(Status.fromThrowable(cause).getCode())
                                        .isEqualTo(code))
                        .hasMessageContaining(failure);
            }
        }
    }

    @Test
    void metadataStaysWithTheDataWhenAskedFor() throws Exception {
        Metadata metadata = new Metadata();
        Metadata.Key<String> tenant = Metadata.Key.of("X-Tenant", Metadata.ASCII_STRING_MARSHALLER);
        metadata.put(tenant, "a");
        metadata.put(tenant, "b");
        metadata.put(Metadata.Key.of("blob-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1});
        try (Running running = Running.grpc("include_metadata: true");
                GrpcClient client = new GrpcClient(running)) {
            client.export(Signal.TRACES, Requests.TRACES.toByteArray(), metadata);

            assertThat(running.context.taken.get(0).metadata().get("x-tenant")).isEqualTo(List.of("a", "b"));
            assertThat(running.context.taken.get(0).metadata().get("user-agent"))
                    .hasSize(1);
            assertThat(running.context.taken.get(0).metadata().values()).doesNotContainKey("blob-bin");
        }
    }

    private static MethodDescriptor<byte[], byte[]> streaming() {
        return GrpcClient.method(Signal.TRACES).toBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .build();
    }

    @Test
    void aClientThatDoesNotEndItsSideHoldsNoMemory() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            // As a unary method, the client would keep the message until it ends its side.
            ClientCall<byte[], byte[]> call = client.channel.newCall(streaming(), CallOptions.DEFAULT);
            call.start(new ClientCall.Listener<>() {}, new Metadata());
            call.request(1);
            call.sendMessage(Requests.TRACES.toByteArray());
            await().until(() -> running.context.taken.size() == 1);

            call.cancel("enough", null);
            assertThat(client.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
        }
    }

    @Test
    void aCompressedMessageSurvivesAnotherOneBeforeItsClientEndsItsSide() throws Exception {
        CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
        try (Running running = Running.grpc("");
                GrpcClient client = compressing(running, "gzip", ContentEncoding.GZIP)) {
            ClientCall<byte[], byte[]> slow = client.channel.newCall(streaming(), gzip);
            slow.start(new ClientCall.Listener<>() {}, new Metadata());
            slow.request(1);
            slow.sendMessage(Requests.traces("slow").toByteArray());
            await().until(() -> running.context.taken.size() == 1);
            client.export(Signal.TRACES, Requests.traces("quick").toByteArray(), gzip);
            slow.halfClose();

            assertThat(running.context.taken)
                    .extracting(taken -> (Object) taken.message())
                    .containsExactly(Requests.traces("slow"), Requests.traces("quick"));
        }
    }

    @Test
    void aSecondMessageInACallIsRefused() throws Exception {
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
            var requests = ClientCalls.asyncClientStreamingCall(
                    client.channel.newCall(streaming(), CallOptions.DEFAULT),
                    new io.grpc.stub.StreamObserver<byte[]>() {
                        @Override
                        public void onNext(byte[] answer) {
                            failures.add(new AssertionError("answered"));
                        }

                        @Override
                        public void onError(Throwable failure) {
                            failures.add(failure);
                        }

                        @Override
                        public void onCompleted() {
                            failures.add(new AssertionError("completed"));
                        }
                    });
            requests.onNext(Requests.TRACES.toByteArray());
            requests.onNext(Requests.TRACES.toByteArray());
            requests.onCompleted();

            await().until(() -> !failures.isEmpty());
            assertThat(Status.fromThrowable(failures.get(0)).getCode())
                    .as("%s", failures)
                    .isEqualTo(Status.Code.INTERNAL);
            assertThat(running.context.taken).hasSize(1);
        }
    }

    @Test
    void aConnectionEndsAtItsAge() throws Exception {
        try (Running running = Running.grpc(
                        "keepalive: {server_parameters: {max_connection_age: 1s, max_connection_age_grace: 1s}}");
                GrpcClient client = new GrpcClient(running)) {
            client.export(Signal.TRACES, Requests.TRACES.toByteArray());
            assertThat(client.channel.getState(false)).isEqualTo(ConnectivityState.READY);

            await().until(() -> client.channel.getState(false) == ConnectivityState.IDLE);
            assertThat(client.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
        }
    }

    @Test
    void headersBeyondTheLimitAreRefused() throws Exception {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(70 << 10));
        try (Running running = Running.grpc("");
                GrpcClient client = new GrpcClient(running)) {
            assertThatThrownBy(() -> client.export(Signal.TRACES, Requests.TRACES.toByteArray(), metadata))
                    .isInstanceOf(StatusRuntimeException.class);
            assertThat(running.context.taken).isEmpty();
        }
    }
}
