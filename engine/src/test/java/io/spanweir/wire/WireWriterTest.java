package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 120, 126, 127, 128, 16_384, 100_000})
    void nestedMessagesOfAnyLengthAreReadBack(int textLength) throws InvalidProtocolBufferException {
        String message = "x".repeat(textLength);
        WireWriter out = new WireWriter(1);
        int partial = out.begin(1);
        out.varint(1, 7).string(2, message);
        out.end(partial);
        assertThat(ExportTraceServiceResponse.parseFrom(out.toByteArray()))
                .isEqualTo(ExportTraceServiceResponse.newBuilder()
                        .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                .setRejectedSpans(7)
                                .setErrorMessage(message))
                        .build());
    }

    @Test
    void everyKindOfFieldIsReadBack() throws InvalidProtocolBufferException {
        WireWriter out = new WireWriter();
        out.bytes(1, new byte[16]).string(5, "é").varint(6, 3).fixed64(7, -1).fixed32(16, 0x101);
        int event = out.begin(11);
        out.doubleField(100, 0.5);
        out.end(event);
        Span span = Span.parseFrom(out.toByteArray());
        assertThat(span.getName()).isEqualTo("é");
        assertThat(span.getKindValue()).isEqualTo(3);
        assertThat(span.getStartTimeUnixNano()).isEqualTo(-1);
        assertThat(span.getFlags()).isEqualTo(0x101);
        assertThat(span.getEvents(0).getUnknownFields().getField(100).getFixed64List())
                .containsExactly(Double.doubleToRawLongBits(0.5));
        assertThat(out.clear().length()).isZero();
    }

    @Test
    void theReaderGoesThroughEveryField() {
        WireWriter out = new WireWriter();
        out.varint(1, 5).fixed32(2, -1).fixed64(3, 9).string(4, "ab").tag(5, WireType.START_GROUP);
        out.varint(1, 1).tag(5, WireType.END_GROUP).varint(6, 300);
        WireReader reader = new WireReader().wrap(out.bytes(), 0, out.length());
        assertThat(reader.next()).isTrue();
        assertThat(reader.number()).isEqualTo(5);
        assertThat(reader.next()).isTrue();
        assertThat(reader.number()).isEqualTo(0xFFFFFFFFL);
        assertThat(reader.next()).isTrue();
        assertThat(reader.number()).isEqualTo(9);
        assertThat(reader.next()).isTrue();
        assertThat(reader.valueLength()).isEqualTo(2);
        assertThat(reader.fieldEnd() - reader.fieldOffset()).isEqualTo(4);
        assertThatThrownBy(reader::number).hasMessage("field 4 is no number");
        assertThat(reader.next()).isTrue();
        assertThat(reader.fieldNumber()).isEqualTo(5);
        assertThat(reader.next()).isTrue();
        assertThat(reader.tag()).isEqualTo(6 << 3);
        assertThat(reader.number()).isEqualTo(300);
        assertThat(reader.next()).isFalse();
    }
}
