package io.spanweir.sim;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.SpanView;
import io.spanweir.wire.Signal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** Processors of the simulation: one that watches, one that edits. */
final class SimProcessors implements ProcessorFactory {
    private final String type;
    private final Function<ProcessorContext, Processor> build;

    private SimProcessors(String type, Function<ProcessorContext, Processor> build) {
        this.type = type;
        this.build = build;
    }

    /** Told of each run of spans that passes a tap. */
    interface Watcher {
        void run(String tap, int lane, int[] spanNumbers);
    }

    /** Type {@code tap}: tells of what passes. */
    static ProcessorFactory tap(Watcher watcher) {
        return new SimProcessors("tap", context -> {
            String tap = context.id().name();
            ItemCursor cursor = new ItemCursor();
            SpanView view = new SpanView();
            return part -> {
                for (int run = 0; run < part.runCount(); run++) {
                    int[] numbers = new int[part.runItemCount(run)];
                    int count = 0;
                    for (cursor.wrap(part, run); cursor.next(); count++) {
                        view.wrap(cursor.bytes(), cursor.offset(), cursor.length());
                        numbers[Math.min(count, numbers.length - 1)] = number(view);
                    }
                    watcher.run(tap, context.lane(), count == numbers.length ? numbers : new int[] {-1});
                }
                context.next().accept(part);
            };
        });
    }

    /** Type {@code mark}: every third span gets an attribute. */
    static ProcessorFactory mark() {
        return new SimProcessors("mark", context -> {
            int mark = Integer.parseInt(context.id().name());
            byte[] key = ("mark." + mark).getBytes(StandardCharsets.UTF_8);
            byte[] text = "yes".getBytes(StandardCharsets.UTF_8);
            ItemCursor cursor = new ItemCursor();
            SpanView view = new SpanView();
            return part -> {
                mark(part, mark, key, text, cursor, view);
                context.next().accept(part);
            };
        });
    }

    private static void mark(BatchPart part, int mark, byte[] key, byte[] text, ItemCursor cursor, SpanView view) {
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            for (cursor.wrap(part, run); cursor.next(); element++) {
                view.wrap(cursor.bytes(), cursor.offset(), cursor.length(), part.items(), element);
                if (number(view) % 3 == mark) {
                    view.attributes().putString(key, text);
                }
            }
        }
    }

    private static int number(SpanView view) {
        return (int) view.spanIdBits() - 1;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Stability stability() {
        return Stability.STABLE;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.of(Signal.TRACES);
    }

    @Override
    public ProcessorConfig decode(ConfigNode yaml) {
        return build::apply;
    }
}
