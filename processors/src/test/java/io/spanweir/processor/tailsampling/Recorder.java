package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.Splice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Takes what comes out and decodes it with protobuf-java, edits included; checks that the part tells the truth about itself. */
final class Recorder implements PartConsumer {
    /** A span with what enclosed it, both without siblings. */
    record Received(Span span, ResourceSpans resource, ScopeSpans scope) {
        String trace() {
            return Spans.nameOf(span.getTraceId());
        }

        String id() {
            return trace() + "/" + span.getName();
        }
    }

    final List<Received> received = new ArrayList<>();
    private final Map<Long, List<Object>> groupsByIdentity = new HashMap<>();

    @Override
    public void accept(BatchPart part) {
        int element = 0;
        ItemCursor cursor = new ItemCursor();
        for (int run = 0; run < part.runCount(); run++) {
            int group = part.runGroup(run);
            ResourceSpans resource = resource(part, group);
            ScopeSpans scope = scope(part, group);
            checkIdentity(part.groupIdentity(group), resource, scope);
            int count = 0;
            for (cursor.wrap(part, run); cursor.next(); element++, count++) {
                Span span = span(part, cursor, element);
                checkTraceId(part, run, span);
                received.add(new Received(span, resource, scope));
            }
            assertThat(part.runItemCount(run)).isEqualTo(count);
        }
        assertThat(part.elementCount()).isEqualTo(element);
    }

    private static Span span(BatchPart part, ItemCursor cursor, int element) {
        byte[] bytes = cursor.bytes();
        int length = Splice.length(bytes, cursor.offset(), cursor.length(), part.items(), element);
        byte[] spliced = new byte[length];
        int end = Splice.write(bytes, cursor.offset(), cursor.length(), part.items(), element, spliced, 0);
        assertThat(end).isEqualTo(length);
        try {
            return Span.parseFrom(spliced);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a span that cannot be read came out", e);
        }
    }

    private static ResourceSpans resource(BatchPart part, int group) {
        byte[] bytes = part.groupBytes(group);
        ByteString fields = ByteString.copyFrom(
                        bytes, part.resourcePrefixOffset(group), part.resourcePrefixLength(group))
                .concat(ByteString.copyFrom(bytes, part.resourceSuffixOffset(group), part.resourceSuffixLength(group)));
        try {
            return ResourceSpans.parseFrom(fields);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a resource that cannot be read came out", e);
        }
    }

    private static ScopeSpans scope(BatchPart part, int group) {
        byte[] bytes = part.groupBytes(group);
        ByteString fields = ByteString.copyFrom(bytes, part.scopePrefixOffset(group), part.scopePrefixLength(group))
                .concat(ByteString.copyFrom(bytes, part.scopeSuffixOffset(group), part.scopeSuffixLength(group)));
        try {
            return ScopeSpans.parseFrom(fields);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a scope that cannot be read came out", e);
        }
    }

    private void checkIdentity(long identity, ResourceSpans resource, ScopeSpans scope) {
        if (identity != 0) {
            assertThat(groupsByIdentity.computeIfAbsent(identity, key -> List.of(resource, scope)))
                    .as("groups of one identity")
                    .isEqualTo(List.of(resource, scope));
        }
    }

    private static void checkTraceId(BatchPart part, int run, Span span) {
        int at = part.runTraceIdOffset(run);
        ByteString id =
                at == BatchPart.NO_TRACE_ID ? ByteString.EMPTY : ByteString.copyFrom(part.runBytes(run), at, 16);
        ByteString ofSpan = Spans.isZero(span.getTraceId()) ? ByteString.EMPTY : span.getTraceId();
        assertThat(id).as("trace id of the run").isEqualTo(ofSpan);
    }

    int spanCount() {
        return received.size();
    }

    /** {@code trace/span} of all, sorted. */
    List<String> ids() {
        return received.stream().map(Received::id).sorted().toList();
    }

    TreeSet<String> traces() {
        TreeSet<String> traces = new TreeSet<>();
        received.forEach(one -> traces.add(one.trace()));
        return traces;
    }
}
