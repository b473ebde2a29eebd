package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpOracle;
import java.util.List;

/** Every getter of every view, over one scanned message, against the getter of protobuf-java. */
final class ViewChecks {
    private final SpanView span = new SpanView();
    private final LogRecordView record = new LogRecordView();
    private final ResourceView resource = new ResourceView();
    private final ScopeView scope = new ScopeView();
    private final EventView event = new EventView();
    private final LinkView link = new LinkView();
    private final byte[] bytes;
    private final OtlpIndex index;
    private final String repeat;

    /** @param repeat for the description of what fails */
    ViewChecks(byte[] bytes, OtlpIndex index, String repeat) {
        this.bytes = bytes;
        this.index = index;
        this.repeat = repeat;
    }

    /** Walks index and message side by side; returns the number of items. */
    int check(Message message) {
        int group = -1;
        int run = -1;
        int at = 0;
        int items = 0;
        for (Message resourceItems : OtlpOracle.list(message, 1)) {
            for (Message scopeItems : OtlpOracle.list(resourceItems, 2)) {
                boolean first = true;
                for (Message item : OtlpOracle.list(scopeItems, 2)) {
                    if (first) {
                        group++;
                        first = false;
                        assertHeads(group, resourceItems, scopeItems);
                    }
                    if (run < 0 || at == index.runOffset(run) + index.runLength(run)) {
                        at = index.runOffset(++run);
                    }
                    int lengthAt = Bytes.varintEnd(bytes, at);
                    int body = Bytes.varintEnd(bytes, lengthAt);
                    int length = (int) Bytes.varintAt(bytes, lengthAt);
                    item(body, length, item);
                    at = body + length;
                    items++;
                }
            }
        }
        return items;
    }

    private void item(int offset, int length, Message expected) {
        if (expected instanceof Span expectedSpan) {
            assertSpan(span.wrap(bytes, offset, length), expectedSpan);
        } else if (expected instanceof LogRecord expectedRecord) {
            assertRecord(record.wrap(bytes, offset, length), expectedRecord);
        }
    }

    private void assertHeads(int group, Message resourceItems, Message scopeItems) {
        Resource expected = (Resource) resourceItems.getField(OtlpOracle.field(resourceItems, 1));
        resource.wrap(bytes, index.resourcePrefixOffset(group), index.resourcePrefixLength(group));
        assertThat(resource.droppedAttributesCount()).as(repeat).isEqualTo(expected.getDroppedAttributesCount());
        assertAttributes(resource.attributes(), expected.getAttributesList());
        InstrumentationScope expectedScope =
                (InstrumentationScope) scopeItems.getField(OtlpOracle.field(scopeItems, 1));
        scope.wrap(bytes, index.scopePrefixOffset(group), index.scopePrefixLength(group));
        assertText(scope.nameBytes(), scope.nameOffset(), scope.nameLength(), expectedScope.getName());
        assertText(scope.versionBytes(), scope.versionOffset(), scope.versionLength(), expectedScope.getVersion());
        assertThat(scope.droppedAttributesCount()).as(repeat).isEqualTo(expectedScope.getDroppedAttributesCount());
        assertAttributes(scope.attributes(), expectedScope.getAttributesList());
    }

    private void assertSpan(SpanView view, Span expected) {
        assertThat(id(view.traceIdHigh(), view.traceIdLow())).as(repeat).isEqualTo(id(expected.getTraceId()));
        assertThat(view.traceIdOffset() < 0).isEqualTo(expected.getTraceId().isEmpty());
        assertThat(view.spanIdBits()).as(repeat).isEqualTo(bits(expected.getSpanId(), 0));
        assertThat(view.parentSpanIdBits()).as(repeat).isEqualTo(bits(expected.getParentSpanId(), 0));
        assertThat(view.root()).isEqualTo(bits(expected.getParentSpanId(), 0) == 0);
        assertText(view.nameBytes(), view.nameOffset(), view.nameLength(), expected.getName());
        assertThat(view.name()).isEqualTo(expected.getName());
        assertText(view.traceStateBytes(), view.traceStateOffset(), view.traceStateLength(), expected.getTraceState());
        assertThat(view.kind()).as(repeat).isEqualTo(expected.getKindValue());
        assertThat(view.startTimeUnixNano()).as(repeat).isEqualTo(expected.getStartTimeUnixNano());
        assertThat(view.endTimeUnixNano()).as(repeat).isEqualTo(expected.getEndTimeUnixNano());
        assertThat(view.durationNanos()).isEqualTo(expected.getEndTimeUnixNano() - expected.getStartTimeUnixNano());
        assertThat(view.droppedAttributesCount()).as(repeat).isEqualTo(expected.getDroppedAttributesCount());
        assertThat(view.droppedEventsCount()).as(repeat).isEqualTo(expected.getDroppedEventsCount());
        assertThat(view.droppedLinksCount()).as(repeat).isEqualTo(expected.getDroppedLinksCount());
        assertThat(view.statusCode()).as(repeat).isEqualTo(expected.getStatus().getCodeValue());
        assertText(
                view.statusMessageBytes(),
                view.statusMessageOffset(),
                view.statusMessageLength(),
                expected.getStatus().getMessage());
        assertThat(view.flags()).as(repeat).isEqualTo(expected.getFlags());
        assertThat(view.attributeCount()).as(repeat).isEqualTo(expected.getAttributesCount());
        assertAttributes(view.attributes(), expected.getAttributesList());
        assertThat(view.eventCount()).as(repeat).isEqualTo(expected.getEventsCount());
        for (Span.Event expectedEvent : expected.getEventsList()) {
            assertThat(view.nextEvent(event)).isTrue();
            assertThat(event.timeUnixNano()).as(repeat).isEqualTo(expectedEvent.getTimeUnixNano());
            assertText(event.bytes(), event.nameOffset(), event.nameLength(), expectedEvent.getName());
            assertThat(event.droppedAttributesCount()).isEqualTo(expectedEvent.getDroppedAttributesCount());
            assertAttributes(event.attributes(), expectedEvent.getAttributesList());
        }
        assertThat(view.nextEvent(event)).isFalse();
        assertThat(view.nextEvent(event)).isFalse();
        assertThat(view.linkCount()).as(repeat).isEqualTo(expected.getLinksCount());
        for (Span.Link expectedLink : expected.getLinksList()) {
            assertThat(view.nextLink(link)).isTrue();
            assertLink(expectedLink);
        }
        assertThat(view.nextLink(link)).isFalse();
    }

    private void assertLink(Span.Link expected) {
        assertThat(id(link.traceIdHigh(), link.traceIdLow())).as(repeat).isEqualTo(id(expected.getTraceId()));
        assertThat(link.spanIdBits()).as(repeat).isEqualTo(bits(expected.getSpanId(), 0));
        assertText(link.bytes(), link.traceStateOffset(), link.traceStateLength(), expected.getTraceState());
        assertThat(link.droppedAttributesCount()).isEqualTo(expected.getDroppedAttributesCount());
        assertThat(link.flags()).as(repeat).isEqualTo(expected.getFlags());
        assertAttributes(link.attributes(), expected.getAttributesList());
    }

    private void assertRecord(LogRecordView view, LogRecord expected) {
        assertThat(id(view.traceIdHigh(), view.traceIdLow())).as(repeat).isEqualTo(id(expected.getTraceId()));
        assertThat(view.spanIdBits()).as(repeat).isEqualTo(bits(expected.getSpanId(), 0));
        assertThat(view.timeUnixNano()).as(repeat).isEqualTo(expected.getTimeUnixNano());
        assertThat(view.observedTimeUnixNano()).as(repeat).isEqualTo(expected.getObservedTimeUnixNano());
        assertThat(view.severityNumber()).as(repeat).isEqualTo(expected.getSeverityNumberValue());
        assertText(
                view.severityTextBytes(),
                view.severityTextOffset(),
                view.severityTextLength(),
                expected.getSeverityText());
        assertText(view.eventNameBytes(), view.eventNameOffset(), view.eventNameLength(), expected.getEventName());
        assertThat(view.droppedAttributesCount()).as(repeat).isEqualTo(expected.getDroppedAttributesCount());
        assertThat(view.flags()).as(repeat).isEqualTo(expected.getFlags());
        assertAttributes(view.attributes(), expected.getAttributesList());
        assertValue(view.body(new ValueView()), expected.getBody());
    }

    private void assertAttributes(AttributesView view, List<KeyValue> expected) {
        ValueView value = new ValueView();
        assertThat(view.count()).as(repeat).isEqualTo(expected.size());
        for (KeyValue entry : expected) {
            assertThat(view.next()).as(repeat).isTrue();
            assertText(view.keyBytes(), view.keyOffset(), view.keyLength(), entry.getKey());
            assertValue(view.value(value), entry.getValue());
            KeyValue first = expected.stream()
                    .filter(other -> other.getKey().equals(entry.getKey()))
                    .findFirst()
                    .orElseThrow();
            assertThat(view.find(entry.getKeyBytes().toByteArray(), value))
                    .as(repeat)
                    .isTrue();
            assertValue(value, first.getValue());
        }
        assertThat(view.next()).as(repeat).isFalse();
        boolean there = expected.stream().anyMatch(entry -> entry.getKey().equals("absent"));
        assertThat(view.find("absent".getBytes(java.nio.charset.StandardCharsets.UTF_8), value))
                .isEqualTo(there);
        assertThat(there || value.type() == ValueView.Type.EMPTY).as(repeat).isTrue();
    }

    private void assertValue(ValueView view, AnyValue expected) {
        assertThat(view.type()).as(repeat).isEqualTo(type(expected));
        assertThat(view.longValue()).as(repeat).isEqualTo(expected.getIntValue());
        assertThat(Double.doubleToRawLongBits(view.doubleValue()))
                .as(repeat)
                .isEqualTo(Double.doubleToRawLongBits(expected.getDoubleValue()));
        assertThat(view.booleanValue()).as(repeat).isEqualTo(expected.getBoolValue());
        assertThat(view.text()).as(repeat).isEqualTo(expected.getStringValue());
        if (view.type() == ValueView.Type.BYTES) {
            assertThat(ByteString.copyFrom(view.bytes(), view.contentOffset(), view.contentLength()))
                    .isEqualTo(expected.getBytesValue());
        }
        ValueView item = new ValueView();
        for (AnyValue expectedItem : expected.getArrayValue().getValuesList()) {
            assertThat(view.next(item)).as(repeat).isTrue();
            assertValue(item, expectedItem);
        }
        for (KeyValue entry : expected.getKvlistValue().getValuesList()) {
            assertThat(view.next(item)).as(repeat).isTrue();
            assertText(view.bytes(), view.keyOffset(), view.keyLength(), entry.getKey());
            assertValue(item, entry.getValue());
        }
        assertThat(view.next(item)).as(repeat).isFalse();
    }

    private static ValueView.Type type(AnyValue value) {
        switch (value.getValueCase()) {
            case STRING_VALUE -> {
                return ValueView.Type.STRING;
            }
            case BOOL_VALUE -> {
                return ValueView.Type.BOOL;
            }
            case INT_VALUE -> {
                return ValueView.Type.INT;
            }
            case DOUBLE_VALUE -> {
                return ValueView.Type.DOUBLE;
            }
            case ARRAY_VALUE -> {
                return ValueView.Type.ARRAY;
            }
            case KVLIST_VALUE -> {
                return ValueView.Type.MAP;
            }
            case BYTES_VALUE -> {
                return ValueView.Type.BYTES;
            }
            default -> {
                return ValueView.Type.EMPTY;
            }
        }
    }

    private void assertText(byte[] source, int offset, int length, String expected) {
        assertThat(UnsafeByteOperations.unsafeWrap(source, offset, length).toStringUtf8())
                .as(repeat)
                .isEqualTo(expected);
    }

    private static String id(long high, long low) {
        return TraceId.hex(high, low);
    }

    private static String id(ByteString id) {
        return TraceId.hex(bits(id, 0), bits(id, 8));
    }

    private static long bits(ByteString id, int offset) {
        return id.isEmpty() ? 0 : id.substring(offset).asReadOnlyByteBuffer().getLong();
    }
}
