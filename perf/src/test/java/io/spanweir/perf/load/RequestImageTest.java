package io.spanweir.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestImageTest {
    private static final long NOW = 1_900_000_000_000_000_000L;

    private final SplittableRandom random = Seeds.random(RequestImageTest.class, "traffic");
    private final SplittableRandom ids = Seeds.random(RequestImageTest.class, "ids");

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 41, 200, 500})
    void stampingChangesTraceIdsAndTimesAndNothingElse(int spanCount) throws Exception {
        byte[] message = new OrderTraffic(random, 0.3).request(spanCount);
        RequestImage image = RequestImage.grpc(message, "127.0.0.1:4317");
        image.stamp(ids, NOW, 77);

        byte[] sent = grpcMessage(image, 77);

        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        assertThat(scanner.scan(Signal.TRACES, sent, 0, sent.length))
                .as(Seeds.repeat(RequestImageTest.class))
                .isEqualTo(spanCount);
        ExportTraceServiceRequest before = ExportTraceServiceRequest.parseFrom(message);
        ExportTraceServiceRequest after = ExportTraceServiceRequest.parseFrom(sent);
        assertThat(normal(after)).as(Seeds.repeat(RequestImageTest.class)).isEqualTo(normal(before));
        assertThat(lastTime(after)).isEqualTo(NOW);
        List<Span> was = spans(before);
        List<Span> is = spans(after);
        for (int i = 1; i < spanCount; i++) {
            assertThat(is.get(i).getTraceId().equals(is.get(i - 1).getTraceId()))
                    .as("span %d is of the trace before it", i)
                    .isEqualTo(was.get(i).getTraceId().equals(was.get(i - 1).getTraceId()));
        }
    }

    @Test
    void everySendingHasOtherTraceIds() throws Exception {
        RequestImage image = RequestImage.grpc(new OrderTraffic(random).request(20), "localhost");
        image.stamp(ids, NOW, 1);
        ByteString first = spans(ExportTraceServiceRequest.parseFrom(grpcMessage(image, 1)))
                .get(0)
                .getTraceId();
        image.stamp(ids, NOW, 3);
        ByteString second = spans(ExportTraceServiceRequest.parseFrom(grpcMessage(image, 3)))
                .get(0)
                .getTraceId();
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void aRequestOfHttpHasItsLengthInItsHead() throws Exception {
        byte[] message = new OrderTraffic(random).request(20);
        RequestImage image = RequestImage.http(message, "127.0.0.1:4318");
        image.stamp(ids, NOW, 0);
        String head = head(image);
        byte[] body = body(image, head);
        assertThat(head).startsWith("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:4318\r\n");
        assertThat(head).contains("\r\nContent-Length: " + body.length + "\r\n");
        assertThat(normal(ExportTraceServiceRequest.parseFrom(body)))
                .isEqualTo(normal(ExportTraceServiceRequest.parseFrom(message)));
    }

    @Test
    void aBodyInGzipIsTheMessage() throws Exception {
        byte[] message = new OrderTraffic(random).request(20);
        RequestImage image = RequestImage.httpGzip(message, "127.0.0.1:4318", 1);
        String head = head(image);
        byte[] body = body(image, head);
        assertThat(head).contains("\r\nContent-Encoding: gzip\r\n", "\r\nContent-Length: " + body.length + "\r\n");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes())
                .isEqualTo(message);
    }

    @Test
    void aShareOfTheTracesIsSlowAndAShareHasErrors() throws Exception {
        RequestImages images = new RequestImages(LoadProtocol.GRPC, 200, "localhost", 1, Seeds.seed());
        int traces = 0;
        int slow = 0;
        int failed = 0;
        for (int i = 0; i < 40; i++) {
            RequestImage image = images.take(1);
            for (Span span : spans(ExportTraceServiceRequest.parseFrom(grpcMessage(image, 1)))) {
                traces += span.getParentSpanId().isEmpty() ? 1 : 0;
                slow += span.getEndTimeUnixNano() - span.getStartTimeUnixNano() > 500_000_000 ? 1 : 0;
                failed += span.getStatus().getCodeValue() == 2 ? 1 : 0;
            }
            images.giveBack(image);
        }
        assertThat((double) slow / traces)
                .as(Seeds.repeat(RequestImageTest.class))
                .isBetween(0.001, 0.03);
        assertThat((double) failed / traces)
                .as(Seeds.repeat(RequestImageTest.class))
                .isBetween(0.005, 0.05);
    }

    /** Takes the frames apart and checks them. */
    private static byte[] grpcMessage(RequestImage image, int streamId) {
        ByteBuffer wire = whole(image);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        boolean ended = false;
        for (int frame = 0; wire.hasRemaining(); frame++) {
            int length = (wire.get() & 0xFF) << 16 | (wire.get() & 0xFF) << 8 | wire.get() & 0xFF;
            int type = wire.get();
            int flags = wire.get();
            assertThat(wire.getInt()).as("stream of frame %d", frame).isEqualTo(streamId);
            assertThat(length).as("length of frame %d", frame).isLessThanOrEqualTo(Http2.FRAME_PAYLOAD_MAX);
            assertThat(type).as("type of frame %d", frame).isEqualTo(frame == 0 ? Http2.HEADERS : Http2.DATA);
            assertThat(ended).as("frame %d comes behind the end", frame).isFalse();
            byte[] bytes = new byte[length];
            wire.get(bytes);
            assertThat(wire.position()).isEqualTo(image.frameEnd(frame));
            if (frame > 0) {
                assertThat(image.framePayloadLength(frame)).isEqualTo(length);
                payload.writeBytes(bytes);
                ended = (flags & Http2.END_STREAM) != 0;
            }
        }
        assertThat(ended).isTrue();
        ByteBuffer message = ByteBuffer.wrap(payload.toByteArray());
        assertThat(message.get()).as("compressed").isZero();
        assertThat(message.getInt()).isEqualTo(message.remaining());
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    private static ByteBuffer whole(RequestImage image) {
        ByteBuffer wire = image.bytes().duplicate(); // big endian
        wire.clear();
        return wire;
    }

    private static String head(RequestImage image) {
        String all = StandardCharsets.ISO_8859_1.decode(whole(image)).toString();
        return all.substring(0, all.indexOf("\r\n\r\n") + 4);
    }

    private static byte[] body(RequestImage image, String head) {
        ByteBuffer wire = whole(image).position(head.length());
        byte[] body = new byte[wire.remaining()];
        wire.get(body);
        return body;
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        return request.getResourceSpans(0).getScopeSpans(0).getSpansList();
    }

    private static long lastTime(ExportTraceServiceRequest request) {
        return spans(request).stream()
                .flatMapToLong(span -> java.util.stream.LongStream.concat(
                        java.util.stream.LongStream.of(span.getEndTimeUnixNano()),
                        span.getEventsList().stream().mapToLong(Span.Event::getTimeUnixNano)))
                .max()
                .orElseThrow();
    }

    /** Without trace ids, and with times that count from the first. */
    private static ExportTraceServiceRequest normal(ExportTraceServiceRequest request) {
        ExportTraceServiceRequest.Builder builder = request.toBuilder();
        long first = spans(request).stream()
                .mapToLong(Span::getStartTimeUnixNano)
                .min()
                .orElseThrow();
        for (Span.Builder span :
                builder.getResourceSpansBuilder(0).getScopeSpansBuilder(0).getSpansBuilderList()) {
            span.clearTraceId()
                    .setStartTimeUnixNano(span.getStartTimeUnixNano() - first)
                    .setEndTimeUnixNano(span.getEndTimeUnixNano() - first);
            span.getEventsBuilderList().forEach(event -> event.setTimeUnixNano(event.getTimeUnixNano() - first));
        }
        return builder.build();
    }
}
