package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnswersTest {
    private static byte[] status(String typeUrl, Duration delay) throws Exception {
        ByteArrayOutputStream retryInfo = new ByteArrayOutputStream();
        CodedOutputStream info = CodedOutputStream.newInstance(retryInfo);
        info.writeMessage(1, delay);
        info.flush();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream status = CodedOutputStream.newInstance(bytes);
        status.writeInt32(1, 14);
        status.writeString(2, "full");
        status.writeMessage(
                3,
                Any.newBuilder()
                        .setTypeUrl(typeUrl)
                        .setValue(ByteString.copyFrom(retryInfo.toByteArray()))
                        .build());
        status.writeString(99, "a field of the future");
        status.flush();
        return bytes.toByteArray();
    }

    static Stream<Arguments> delays() {
        String retryInfo = "type.googleapis.com/google.rpc.RetryInfo";
        return Stream.of(
                argumentSet("seconds and nanos", retryInfo, 3, 500, 3_000_000_500L),
                argumentSet("nothing", retryInfo, 0, 0, 0L),
                argumentSet("negative", retryInfo, -3, -1, 0L),
                argumentSet("years", retryInfo, Long.MAX_VALUE, 0, 86_400_000_000_000L),
                argumentSet("another host of types", "example.com/google.rpc.RetryInfo", 1, 0, 1_000_000_000L),
                argumentSet("another type", "type.googleapis.com/google.rpc.RetryInformation", 1, 0, -1L));
    }

    @ParameterizedTest
    @MethodSource("delays")
    void theDelayOfRetryInfoIsRead(String typeUrl, long seconds, int nanos, long expectedNanos) throws Exception {
        byte[] bytes = status(
                typeUrl,
                Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build());
        assertThat(RpcStatus.read(bytes)).isEqualTo(new RpcStatus(14, "full", expectedNanos));
    }

    @Test
    void brokenAnswersAreReadAsFarAsTheyGo() throws Exception {
        byte[] bytes = status(
                "type.googleapis.com/google.rpc.RetryInfo",
                Duration.newBuilder().setSeconds(1).build());
        for (int length = 0; length <= bytes.length; length++) {
            RpcStatus status = RpcStatus.read(Arrays.copyOf(bytes, length));
            assertThat(status.code()).isIn(0, 14);
        }
        SplittableRandom random = Seeds.random(getClass(), "flipped");
        for (int round = 0; round < 10_000; round++) {
            byte[] flipped = bytes.clone();
            flipped[random.nextInt(flipped.length)] = (byte) random.nextInt();
            assertThat(RpcStatus.read(flipped).retryDelayNanos())
                    .as(Seeds.repeat(getClass()))
                    .isGreaterThanOrEqualTo(-1);
            assertThat(PartialSuccess.read(flipped).kind()).isEqualTo(SendOutcome.Kind.SENT);
        }
    }

    @Test
    void partialSuccessIsAlikeForAllSignals() {
        byte[] logs = ExportLogsServiceResponse.newBuilder()
                .setPartialSuccess(ExportLogsPartialSuccess.newBuilder()
                        .setRejectedLogRecords(7)
                        .setErrorMessage("old"))
                .build()
                .toByteArray();
        byte[] metrics = ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder().setRejectedDataPoints(8))
                .build()
                .toByteArray();
        byte[] negative = ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder().setRejectedDataPoints(-8))
                .build()
                .toByteArray();
        assertThat(PartialSuccess.read(logs)).isEqualTo(SendOutcome.partial(7, "old"));
        assertThat(PartialSuccess.read(metrics)).isEqualTo(SendOutcome.partial(8, ""));
        assertThat(PartialSuccess.read(negative)).isEqualTo(SendOutcome.sent());
        assertThat(PartialSuccess.read(new byte[0])).isEqualTo(SendOutcome.sent());
    }

    static Stream<Arguments> jsonAnswers() {
        return Stream.of(
                argumentSet("empty", "{}", SendOutcome.sent()),
                argumentSet(
                        "number as text", "{\"partialSuccess\":{\"rejectedSpans\":\"5\"}}", SendOutcome.partial(5, "")),
                argumentSet(
                        "number",
                        "{ \"partialSuccess\" : { \"rejectedLogRecords\" : 5 } }",
                        SendOutcome.partial(5, "")),
                argumentSet(
                        "exponent", "{\"partialSuccess\":{\"rejectedDataPoints\":5e0}}", SendOutcome.partial(5, "")),
                argumentSet(
                        "escapes",
                        "{\"x\":[1,[],{}],\"partialSuccess\":{\"errorMessage\":\"a\\n\\u00e4\\\"\"}}",
                        SendOutcome.partial(0, "a ä\"")),
                argumentSet("null", "{\"partialSuccess\":null}", SendOutcome.sent()),
                argumentSet("cut", "{\"partialSuccess\":{\"rejectedSpans\":5}", SendOutcome.sent()),
                argumentSet("no JSON", "<html>", SendOutcome.sent()),
                argumentSet(
                        "a monstrous number",
                        "{\"partialSuccess\":{\"rejectedSpans\":1e999999999}}",
                        SendOutcome.sent()),
                argumentSet("nothing", "", SendOutcome.sent()),
                argumentSet("too deep", "[".repeat(100_000), SendOutcome.sent()));
    }

    @ParameterizedTest
    @MethodSource("jsonAnswers")
    void partialSuccessOfJsonIsRead(String json, SendOutcome outcome) {
        assertThat(PartialSuccess.readJson(json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(outcome);
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                argumentSet(
                        "refused",
                        new RuntimeException(new ConnectException("Connection refused: localhost/127.0.0.1:4317")),
                        "connection refused"),
                argumentSet(
                        "no name",
                        new UnknownHostException("tempo: Name or service not known"),
                        "the name tempo is not known"),
                argumentSet("no message", new java.nio.channels.ClosedChannelException(), "closed channel"),
                argumentSet(
                        "an abbreviation",
                        new RuntimeException("PKIX path building failed"),
                        "PKIX path building failed"),
                argumentSet("lines", new RuntimeException("One\n  two\tthree"), "one two three"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void aCauseBecomesAPartOfASentence(Throwable cause, String text) {
        assertThat(Sentences.cause(cause)).isEqualTo(text);
    }
}
