package io.spanweir.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Overlay;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.SpanView;

/** Adds an attribute to every span. Threading: lane. */
final class AddAttribute implements Processor {
    private static final byte[] KEY = "deployment.ring".getBytes(UTF_8);
    private static final byte[] VALUE = "blue".getBytes(UTF_8);

    private final ItemCursor cursor = new ItemCursor();
    private final SpanView span = new SpanView();
    private final PartConsumer next;

    AddAttribute(PartConsumer next) {
        this.next = next;
    }

    @Override
    public void accept(BatchPart part) {
        Overlay edits = part.items();
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            for (cursor.wrap(part, run); cursor.next(); element++) {
                span.wrap(cursor.bytes(), cursor.offset(), cursor.length(), edits, element);
                span.attributes().putString(KEY, VALUE);
            }
        }
        next.accept(part);
    }
}
