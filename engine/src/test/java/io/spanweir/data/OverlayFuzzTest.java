package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.Poison;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import io.spanweir.wire.WireWriter;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Edits of any span or log record that the scan accepts, against the same edits of a message of protobuf-java. Of the input,
 * the first byte chooses the kind, the next four are the seed of the edits, the rest is the item.
 */
class OverlayFuzzTest extends OverlayEdits {
    private static final int HEAD_LENGTH = 5;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void edit(byte[] input) throws InvalidProtocolBufferException {
        if (input.length < HEAD_LENGTH) {
            return;
        }
        Signal signal = (input[0] & 1) == 0 ? Signal.TRACES : Signal.LOGS;
        long seed = 0;
        for (int i = 1; i < HEAD_LENGTH; i++) {
            seed = seed << 8 | input[i] & 0xFF;
        }
        byte[] item = Arrays.copyOfRange(input, HEAD_LENGTH, input.length);
        byte[] scope = new WireWriter().bytes(2, item).toByteArray();
        byte[] request = new WireWriter()
                .bytes(1, new WireWriter().bytes(2, scope).toByteArray())
                .toByteArray();
        if (scanner.scan(signal, request, 0, request.length) != 1) {
            return;
        }
        byte[] first = null;
        for (Poison poison : Poison.protobuf()) {
            random = new SplittableRandom(seed);
            repeat = "seed " + seed + " with " + poison;
            byte[] around = poison.surround(item);
            byte[] written = signal == Signal.TRACES ? editedSpan(around, item) : editedRecord(around, item);
            poison.assertIntact(around, item);
            assertThat(written).as(repeat).isEqualTo(first == null ? written : first);
            first = written;
        }
    }

    private byte[] editedSpan(byte[] around, byte[] item) throws InvalidProtocolBufferException {
        Overlay overlay = Overlay.ofSpans();
        overlay.reset(3);
        Span.Builder model = Span.parseFrom(item).toBuilder();
        SpanView view = new SpanView().wrap(around, Poison.OFFSET, item.length, overlay, 1);
        for (int edit = random.nextInt(7); edit > 0; edit--) {
            if (random.nextInt(3) == 0) {
                editSpan(view, model);
            } else {
                editAttributes(view.attributes(), model);
            }
            assertReadsThrough(view, model);
        }
        byte[] written = written(around, item.length, overlay, OtlpFields.number(OtlpFields.SCOPE_SPANS_SPANS));
        same(Span.parseFrom(written), model.build());
        return written;
    }

    private byte[] editedRecord(byte[] around, byte[] item) throws InvalidProtocolBufferException {
        Overlay overlay = Overlay.ofLogRecords();
        overlay.reset(3);
        LogRecord.Builder model = LogRecord.parseFrom(item).toBuilder();
        LogRecordView view = new LogRecordView().wrap(around, Poison.OFFSET, item.length, overlay, 1);
        for (int edit = random.nextInt(7); edit > 0; edit--) {
            if (random.nextInt(3) == 0) {
                editRecord(view, model);
            } else {
                editAttributes(view.attributes(), model);
            }
            assertAttributes(view.attributes(), model.getAttributesList());
        }
        byte[] written = written(around, item.length, overlay, OtlpFields.number(OtlpFields.SCOPE_LOGS_LOG_RECORDS));
        same(LogRecord.parseFrom(written), model.build());
        return written;
    }

    /** The spliced item; the target is poisoned too, for a splice must not write beyond the length it announced. */
    private static byte[] written(byte[] around, int length, Overlay overlay, int fieldNumber) {
        int spliced = Splice.length(around, Poison.OFFSET, length, overlay, 1);
        Poison poison = Poison.protobuf()[1];
        byte[] target = poison.surround(new byte[spliced]);
        assertThat(Splice.write(around, Poison.OFFSET, length, overlay, 1, target, Poison.OFFSET))
                .isEqualTo(Poison.OFFSET + spliced);
        byte[] body = Arrays.copyOfRange(target, Poison.OFFSET, Poison.OFFSET + spliced);
        poison.assertIntact(target, body);
        int fieldLength = Splice.fieldLength(around, Poison.OFFSET, length, overlay, 1, fieldNumber);
        byte[] field = poison.surround(new byte[fieldLength]);
        Splice.writeField(around, Poison.OFFSET, length, overlay, 1, fieldNumber, field, Poison.OFFSET);
        byte[] withTag = Arrays.copyOfRange(field, Poison.OFFSET, Poison.OFFSET + fieldLength);
        poison.assertIntact(field, withTag);
        assertThat(withTag).isEqualTo(new WireWriter().bytes(fieldNumber, body).toByteArray());
        return body;
    }

    private void same(Message actual, Message expected) {
        if (!actual.equals(expected)) {
            assertThat(actual).as(repeat).isEqualTo(expected);
        }
    }
}
