package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import io.spanweir.wire.OtlpFields;
import org.junit.jupiter.api.Test;

/** Edits read through views and written by the splice, against the same edits made to messages of protobuf-java. */
class SplicePropertyTest extends OverlayEdits {
    private static final int ROUNDS = 800;

    private final Overlay spans = Overlay.ofSpans();
    private final Overlay records = Overlay.ofLogRecords();
    private final Overlay resources = Overlay.ofResources();
    private final Overlay scopes = Overlay.ofScopes();

    @Test
    void anEditedSpanIsWhatProtobufMakesOfTheSameEdits() throws InvalidProtocolBufferException {
        SpanView view = new SpanView();
        for (int round = 0; round < ROUNDS; round++) {
            begin("span", round);
            spans.reset(3);
            byte[] body = orderly(Span.newBuilder());
            byte[] around = surrounded(body);
            Span.Builder model = Span.parseFrom(body).toBuilder();
            view.wrap(around, 3, body.length, spans, 1);
            for (int edit = random.nextInt(7); edit > 0; edit--) {
                if (random.nextInt(3) == 0) {
                    editSpan(view, model);
                } else {
                    editAttributes(view.attributes(), model);
                }
                assertReadsThrough(view, model);
            }
            assertThat(Span.parseFrom(
                            spliced(around, body.length, spans, OtlpFields.number(OtlpFields.SCOPE_SPANS_SPANS))))
                    .as(repeat)
                    .isEqualTo(model.build());
            assertThat(spans.edited(0) || spans.edited(2))
                    .as("neighbours are untouched")
                    .isFalse();
        }
    }

    @Test
    void anEditedLogRecordIsWhatProtobufMakesOfTheSameEdits() throws InvalidProtocolBufferException {
        LogRecordView view = new LogRecordView();
        for (int round = 0; round < ROUNDS; round++) {
            begin("record", round);
            records.reset(3);
            byte[] body = orderly(LogRecord.newBuilder());
            byte[] around = surrounded(body);
            LogRecord.Builder model = LogRecord.parseFrom(body).toBuilder();
            view.wrap(around, 3, body.length, records, 1);
            for (int edit = random.nextInt(7); edit > 0; edit--) {
                if (random.nextInt(3) == 0) {
                    editRecord(view, model);
                } else {
                    editAttributes(view.attributes(), model);
                }
                assertAttributes(view.attributes(), model.getAttributesList());
                assertThat(view.severityNumber()).as(repeat).isEqualTo(model.getSeverityNumberValue());
                assertThat(view.timeUnixNano()).as(repeat).isEqualTo(model.getTimeUnixNano());
                assertThat(text(view.severityTextBytes(), view.severityTextOffset(), view.severityTextLength()))
                        .isEqualTo(model.getSeverityText());
                ValueView value = view.body(new ValueView());
                assertThat(AnyValue.parseFrom(range(value.bytes(), value.offset(), value.length())))
                        .isEqualTo(model.getBody());
                assertThat(view.spanIdBits() == 0).isEqualTo(zero(model.getSpanId()));
            }
            int field = OtlpFields.number(OtlpFields.SCOPE_LOGS_LOG_RECORDS);
            assertThat(LogRecord.parseFrom(spliced(around, body.length, records, field)))
                    .as(repeat)
                    .isEqualTo(model.build());
        }
    }

    @Test
    void anEditedResourceIsWrittenInThePrefixOfItsGroup() throws InvalidProtocolBufferException {
        ResourceView view = new ResourceView();
        for (int round = 0; round < ROUNDS; round++) {
            begin("resource", round);
            resources.reset(2);
            ResourceSpans.Builder owner = ResourceSpans.newBuilder().setSchemaUrl(random.nextBoolean() ? "s" : "");
            if (random.nextInt(5) > 0) {
                new OtlpGenerator(random).fill(owner.getResourceBuilder());
            }
            byte[] prefix =
                    WireMutator.orderly(random).mutate(owner.build().toByteArray(), owner.getDescriptorForType());
            byte[] around = surrounded(prefix);
            ResourceSpans.Builder model = ResourceSpans.parseFrom(prefix).toBuilder();
            view.wrap(around, 3, prefix.length, resources, 1);
            for (int edit = random.nextInt(5); edit > 0; edit--) {
                Resource.Builder edited = model.getResource().toBuilder();
                editAttributes(view.attributes(), edited);
                if (!edited.build().equals(model.getResource())) {
                    model.setResource(edited);
                }
                assertAttributes(view.attributes(), model.getResource().getAttributesList());
            }
            ResourceSpans written = ResourceSpans.parseFrom(splicedPrefix(around, prefix.length, resources));
            assertThat(written.getResource()).as(repeat).isEqualTo(model.getResource());
            assertThat(written.getSchemaUrl()).isEqualTo(model.getSchemaUrl());
        }
    }

    @Test
    void anEditedScopeIsWrittenInThePrefixOfItsGroup() throws InvalidProtocolBufferException {
        ScopeView view = new ScopeView();
        for (int round = 0; round < ROUNDS; round++) {
            begin("scope", round);
            scopes.reset(2);
            ScopeLogs.Builder owner = ScopeLogs.newBuilder();
            new OtlpGenerator(random).fill(owner.getScopeBuilder());
            byte[] prefix =
                    WireMutator.orderly(random).mutate(owner.build().toByteArray(), owner.getDescriptorForType());
            byte[] around = surrounded(prefix);
            InstrumentationScope.Builder model = ScopeLogs.parseFrom(prefix).getScope().toBuilder();
            view.wrap(around, 3, prefix.length, scopes, 1);
            for (int edit = random.nextInt(6); edit > 0; edit--) {
                int choice = random.nextInt(4);
                byte[] text = utf8("text " + random.nextInt(100));
                if (choice == 0) {
                    view.setName(text, 0, text.length);
                    model.setNameBytes(ByteString.copyFrom(text));
                } else if (choice == 1) {
                    view.setVersion(text, 1, 3);
                    model.setVersionBytes(ByteString.copyFrom(text, 1, 3));
                } else {
                    editAttributes(view.attributes(), model);
                }
                assertAttributes(view.attributes(), model.getAttributesList());
                assertThat(text(view.nameBytes(), view.nameOffset(), view.nameLength()))
                        .isEqualTo(model.getName());
                assertThat(text(view.versionBytes(), view.versionOffset(), view.versionLength()))
                        .isEqualTo(model.getVersion());
            }
            assertThat(ScopeLogs.parseFrom(splicedPrefix(around, prefix.length, scopes))
                            .getScope())
                    .as(repeat)
                    .isEqualTo(model.build());
        }
    }

    private void begin(String purpose, int round) {
        random = Seeds.random(getClass(), purpose, round);
        repeat = Seeds.repeat(getClass(), round);
    }
}
