package io.spanweir.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.LogRecordView;
import io.spanweir.data.OverlayEdits;
import io.spanweir.data.SpanView;
import io.spanweir.memory.Budget;
import io.spanweir.testkit.Poison;
import io.spanweir.wire.Canonical;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpOracle;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import io.spanweir.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A request that came in, partly edited and written again run by run, is what protobuf-java makes of the same edits. Of the
 * input, the first byte chooses the signal, the next four are the seed of edits and cuts, the rest is the request.
 */
class RequestWriterFuzzTest extends OverlayEdits {
    private static final int HEAD_LENGTH = 5;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void rewrite(byte[] input) {
        if (input.length < HEAD_LENGTH) {
            return;
        }
        Signal signal = Signal.values()[(input[0] & 0xFF) % 3];
        long seed = 0;
        for (int i = 1; i < HEAD_LENGTH; i++) {
            seed = seed << 8 | input[i] & 0xFF;
        }
        byte[] message = readable(signal, Arrays.copyOfRange(input, HEAD_LENGTH, input.length));
        if (message.length == 0) {
            return;
        }
        Message parsed = OtlpOracle.parse(signal, message);
        if (parsed == null) {
            throw new AssertionError("accepted, but protobuf-java refuses it");
        }
        byte[] first = null;
        for (Poison poison : Poison.protobuf()) {
            random = new SplittableRandom(seed);
            repeat = "seed " + seed + " with " + poison;
            byte[] around = poison.surround(message);
            assertThat(scanner.scan(signal, around, Poison.OFFSET, message.length))
                    .isNotNegative();
            BatchPart part = part(signal, around, scanner.index());
            Message expected = edited(part, OtlpOracle.withoutEmpty(parsed));
            byte[] written = written(part);
            poison.assertIntact(around, message);
            Message actual = OtlpOracle.parse(signal, written);
            if (!expected.equals(actual)) {
                assertThat(actual).as(repeat).isEqualTo(expected);
            }
            assertThat(written).as(repeat).isEqualTo(first == null ? written : first);
            first = written;
        }
    }

    /** The request as the intake would keep it; empty when it would not. */
    private byte[] readable(Signal signal, byte[] request) {
        int count = scanner.scan(signal, request, 0, request.length);
        if (count != OtlpScanner.NEEDS_CANONICAL) {
            return count > 0 ? request : new byte[0];
        }
        WireWriter out = new WireWriter();
        Canonical.rewrite(signal, request, 0, request.length, out);
        return out.toByteArray();
    }

    private static BatchPart part(Signal signal, byte[] bytes, OtlpIndex index) {
        BatchPart part = new BatchPart();
        part.clear(signal);
        for (int group = 0; group < index.groupCount(); group++) {
            part.addGroup(
                    bytes,
                    index.resourcePrefixOffset(group),
                    index.resourcePrefixLength(group),
                    index.resourceSuffixOffset(group),
                    index.resourceSuffixLength(group),
                    index.scopePrefixOffset(group),
                    index.scopePrefixLength(group),
                    index.scopeSuffixOffset(group),
                    index.scopeSuffixLength(group));
        }
        for (int run = 0; run < index.runCount(); run++) {
            part.addRun(
                    index.runGroup(run),
                    bytes,
                    index.runOffset(run),
                    index.runLength(run),
                    index.runItemCount(run),
                    index.runElementCount(run),
                    index.runTraceIdOffset(run));
        }
        return part;
    }

    /** Edits some items of the part and of the message alike. */
    private Message edited(BatchPart part, Message message) {
        List<Message.Builder> items = new ArrayList<>();
        Message.Builder request = message.toBuilder();
        if (request instanceof ExportTraceServiceRequest.Builder traces) {
            traces.getResourceSpansBuilderList()
                    .forEach(resource -> resource.getScopeSpansBuilderList()
                            .forEach(scope -> items.addAll(scope.getSpansBuilderList())));
        } else if (request instanceof ExportLogsServiceRequest.Builder logs) {
            logs.getResourceLogsBuilderList()
                    .forEach(resource -> resource.getScopeLogsBuilderList()
                            .forEach(scope -> items.addAll(scope.getLogRecordsBuilderList())));
        } else {
            return message;
        }
        ItemCursor cursor = new ItemCursor();
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            for (cursor.wrap(part, run); cursor.next(); element++) {
                if (random.nextInt(3) == 0) {
                    editItem(part, cursor, element, items.get(element));
                }
            }
        }
        assertThat(element).as(repeat).isEqualTo(items.size());
        return request.build();
    }

    private void editItem(BatchPart part, ItemCursor at, int element, Message.Builder model) {
        if (model instanceof Span.Builder span) {
            SpanView view = new SpanView().wrap(at.bytes(), at.offset(), at.length(), part.items(), element);
            editSpan(view, span);
            editAttributes(view.attributes(), span);
        } else if (model instanceof LogRecord.Builder record) {
            LogRecordView view = new LogRecordView().wrap(at.bytes(), at.offset(), at.length(), part.items(), element);
            editRecord(view, record);
            editAttributes(view.attributes(), record);
        }
    }

    /** Each run in one piece or cut between two items. */
    private byte[] written(BatchPart part) {
        RequestWriter writer = new RequestWriter(new ExportMemory(new Budget("export", 64L << 20)));
        writer.beginPart();
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            int elements = part.runElementCount(run);
            int first = random.nextInt(elements + 1);
            int cut = part.runOffset(run);
            ItemCursor cursor = new ItemCursor().wrap(part, run);
            for (int i = 0; i < first && cursor.next(); i++) {
                cut = cursor.position();
            }
            int firstLength = cut - part.runOffset(run);
            int secondLength = part.runLength(run) - firstLength;
            if (first > 0) {
                assertThat(writer.appendRun(part, run, part.runOffset(run), firstLength, element, first))
                        .isTrue();
            }
            if (first < elements) {
                assertThat(writer.appendRun(part, run, cut, secondLength, element + first, elements - first))
                        .isTrue();
            }
            element += elements;
        }
        writer.endPart();
        writer.closeGroup();
        WireWriter out = new WireWriter();
        int[] lengths = writer.sliceLengths();
        byte[][] slices = writer.detach();
        for (int i = 0; i < slices.length; i++) {
            out.raw(slices[i], 0, lengths[i]);
        }
        return out.toByteArray();
    }
}
