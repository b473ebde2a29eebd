package io.spanweir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestkitTest {
    @Test
    void oneSeedGivesTheSameMessagesAgain() {
        assertThat(new OtlpGenerator(new SplittableRandom(1)).traces())
                .isEqualTo(new OtlpGenerator(new SplittableRandom(1)).traces());
        assertThat(Seeds.random(getClass(), "a").nextLong())
                .isNotEqualTo(Seeds.random(getClass(), "b").nextLong());
        assertThat(Seeds.random(getClass(), "a").nextLong())
                .isEqualTo(Seeds.random(getClass(), "a").nextLong());
        assertThat(Seeds.repeat(getClass(), 7)).contains("round 7", "-Dseed=" + Seeds.seed(), "-Dtest=TestkitTest");
    }

    @Test
    void generatedMessagesUseEveryFieldThereIs() {
        Set<String> seen = new HashSet<>();
        Set<String> all = new HashSet<>();
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(getClass(), "fields"));
        for (int i = 0; i < 300; i++) {
            visit(generator.traces(), seen, all);
            visit(generator.logs(), seen, all);
            visit(generator.metrics(), seen, all);
        }
        assertThat(seen).containsAll(all).hasSizeGreaterThan(120);
    }

    private static void visit(Message message, Set<String> seen, Set<String> all) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            all.add(field.getFullName());
        }
        message.getAllFields().forEach((field, value) -> {
            seen.add(field.getFullName());
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
                values.forEach(nested -> visit((Message) nested, seen, all));
            }
        });
        if (!message.getUnknownFields().asMap().isEmpty()) {
            seen.add("unknown");
            all.add("unknown");
        }
    }

    @Test
    void mutatedMessagesAreStillProtobuf() throws InvalidProtocolBufferException {
        SplittableRandom random = Seeds.random(getClass(), "mutate");
        int changed = 0;
        for (int i = 0; i < 300; i++) {
            byte[] plain = new OtlpGenerator(random).metrics().toByteArray();
            byte[] wild = WireMutator.wild(random).mutate(plain, ExportMetricsServiceRequest.getDescriptor());
            assertThat(ExportMetricsServiceRequest.parseFrom(wild)).isNotNull();
            byte[] orderly = WireMutator.orderly(random).mutate(plain, ExportMetricsServiceRequest.getDescriptor());
            assertThat(ExportMetricsServiceRequest.parseFrom(orderly))
                    .isEqualTo(ExportMetricsServiceRequest.parseFrom(plain));
            changed += java.util.Arrays.equals(wild, plain) ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(100);
    }

    @Test
    void ordersLookLikeThoseOfAService() throws InvalidProtocolBufferException {
        byte[] bytes = new OrderTraffic(Seeds.random(getClass(), "orders"), 1).request(70);
        ScopeSpans spans =
                ExportTraceServiceRequest.parseFrom(bytes).getResourceSpans(0).getScopeSpans(0);
        assertThat(spans.getSpansCount()).isEqualTo(70);
        assertThat(spans.getSpansList().stream().map(Span::getTraceId).distinct())
                .hasSize(10);
        assertThat(spans.getSpansList().stream()
                        .filter(span -> span.getParentSpanId().isEmpty()))
                .hasSize(10);
        assertThat(spans.getSpansList().stream().filter(span -> span.getStatus().getCodeValue() == 2))
                .hasSize(10);
        assertThat(spans.getSpansList())
                .allMatch(span -> span.getAttributesCount() >= 8 && span.getAttributesCount() <= 10);
        assertThat(spans.getSerializedSize() / 70).isBetween(390, 460);
    }

    @Test
    void aGoldenFileIsWrittenOnDemandAndComparedOtherwise(@TempDir Path directory) {
        Path file = directory.resolve("deep/er.txt");
        assertThatThrownBy(() -> Golden.verify(file, "a", false)).hasMessageContaining("-Dgolden.update");
        Golden.verify(file, "a", true);
        Golden.verify(file, "a", false);
        assertThatThrownBy(() -> Golden.verify(file, "b", false)).hasMessageContaining("rewrite it");
    }
}
