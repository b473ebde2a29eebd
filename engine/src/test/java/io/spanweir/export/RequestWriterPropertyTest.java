package io.spanweir.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.SpanView;
import io.spanweir.memory.Budget;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Runs with edited items, written into blocks that are shorter than a few spans, against protobuf-java. */
class RequestWriterPropertyTest {
    private static final int ROUNDS = 60;

    @Test
    void editedItemsBetweenUntouchedOnesAreWrittenAcrossBlocks() throws InvalidProtocolBufferException {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(RequestWriterPropertyTest.class, "edited", round);
            String repeat = Seeds.repeat(RequestWriterPropertyTest.class, round);
            byte[] message = new OrderTraffic(random).request(1 + random.nextInt(40));
            BatchPart part = part(message);
            List<Span> expected = edit(part, random);
            // The smallest blocks: 1024 bytes.
            RequestWriter writer = new RequestWriter(new ExportMemory(new Budget("export", 64 * 1024)));
            writer.beginPart();
            int element = 0;
            for (int run = 0; run < part.runCount(); run++) {
                int elements = part.runElementCount(run);
                assertThat(writer.appendRun(part, run, part.runOffset(run), part.runLength(run), element, elements))
                        .as(repeat)
                        .isTrue();
                element += elements;
            }
            writer.endPart();
            writer.closeGroup();
            assertThat(spans(ExportTraceServiceRequest.parseFrom(content(writer))))
                    .as(repeat)
                    .isEqualTo(expected);
        }
    }

    /** Edits a third of the spans; some get more than a block. */
    private static List<Span> edit(BatchPart part, SplittableRandom random) throws InvalidProtocolBufferException {
        List<Span> expected = new ArrayList<>();
        ItemCursor cursor = new ItemCursor();
        SpanView view = new SpanView();
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            for (cursor.wrap(part, run); cursor.next(); element++) {
                byte[] bytes = cursor.bytes();
                Span.Builder span = Span.newBuilder().mergeFrom(bytes, cursor.offset(), cursor.length());
                if (random.nextInt(3) == 0) {
                    String value = "v".repeat(random.nextInt(random.nextInt(4) == 0 ? 3000 : 50));
                    view.wrap(bytes, cursor.offset(), cursor.length(), part.items(), element);
                    view.attributes().putString("added".getBytes(UTF_8), value.getBytes(UTF_8));
                    span.addAttributes(KeyValue.newBuilder()
                            .setKey("added")
                            .setValue(AnyValue.newBuilder().setStringValue(value)));
                }
                expected.add(span.build());
            }
        }
        return expected;
    }

    private static BatchPart part(byte[] message) {
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        assertThat(scanner.scan(Signal.TRACES, message, 0, message.length)).isPositive();
        OtlpIndex index = scanner.index();
        BatchPart part = new BatchPart();
        part.clear(Signal.TRACES);
        for (int group = 0; group < index.groupCount(); group++) {
            part.addGroup(
                    message,
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
                    message,
                    index.runOffset(run),
                    index.runLength(run),
                    index.runItemCount(run),
                    index.runItemCount(run),
                    index.runTraceIdOffset(run));
        }
        return part;
    }

    private static byte[] content(RequestWriter writer) {
        int[] lengths = writer.sliceLengths();
        byte[][] blocks = writer.detach();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < blocks.length; i++) {
            content.write(blocks[i], 0, lengths[i]);
        }
        return content.toByteArray();
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        List<Span> spans = new ArrayList<>();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                spans.addAll(scope.getSpansList());
            }
        }
        return spans;
    }
}
