package io.spanweir.processor.attributes;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.DataPointView;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.LogRecordView;
import io.spanweir.data.MetricView;
import io.spanweir.data.Overlay;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.SpanView;
import io.spanweir.filter.ItemFilter;

/**
 * Edits the attributes of items in the part's overlay and passes the part on. Resources and scopes are looked at once for
 * each sequence of runs in one group. Threading: lane.
 */
final class AttributesProcessor implements Processor {
    private static final int NO_GROUP = -1;

    private final ItemFilter filter;
    private final AttributeEditor editor;
    private final PartConsumer next;
    private final ItemCursor cursor = new ItemCursor();
    private final SpanView span = new SpanView();
    private final LogRecordView log = new LogRecordView();
    private final MetricView metric = new MetricView();
    private final DataPointView point = new DataPointView();

    AttributesProcessor(ItemFilter filter, AttributeEditor editor, PartConsumer next) {
        this.filter = filter;
        this.editor = editor;
        this.next = next;
    }

    @Override
    public void accept(BatchPart part) {
        editor.begin(part.metadata());
        int group = NO_GROUP;
        boolean taken = false;
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            if (part.runGroup(run) != group) {
                group = part.runGroup(run);
                taken = filter.enter(part, group);
            }
            if (taken) {
                editRun(part, run, element);
            }
            element += part.runElementCount(run);
        }
        next.accept(part);
    }

    private void editRun(BatchPart part, int run, int firstElement) {
        switch (part.signal()) {
            case TRACES -> editSpans(part, run, firstElement);
            case LOGS -> editLogs(part, run, firstElement);
            case METRICS -> editMetrics(part, run, firstElement);
        }
    }

    private void editSpans(BatchPart part, int run, int firstElement) {
        Overlay edits = part.items();
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            span.wrap(cursor.bytes(), cursor.offset(), cursor.length(), edits, element);
            if (filter.takes(span)) {
                editor.apply(span.attributes());
            }
        }
    }

    private void editLogs(BatchPart part, int run, int firstElement) {
        Overlay edits = part.items();
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            log.wrap(cursor.bytes(), cursor.offset(), cursor.length(), edits, element);
            if (filter.takes(log)) {
                editor.apply(log.attributes());
            }
        }
    }

    private void editMetrics(BatchPart part, int run, int firstElement) {
        Overlay edits = part.items();
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            metric.wrap(cursor.bytes(), cursor.offset(), cursor.length(), edits, element);
            if (filter.takes(metric)) {
                metric.rewindPoints();
                while (metric.nextPoint(point)) {
                    editor.apply(point.attributes());
                }
                metric.storePoints();
            }
        }
    }
}
