package io.spanweir.sim;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.DataPointView;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.LogRecordView;
import io.spanweir.data.MetricView;
import io.spanweir.data.Overlay;
import io.spanweir.data.SpanView;
import io.spanweir.wire.Signal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Processors of the simulation: one that watches, one that edits. */
final class SimProcessors implements ProcessorFactory {
    private static final byte[] YES = "yes".getBytes(StandardCharsets.UTF_8);

    private final String type;
    private final Function<ProcessorContext, Processor> build;

    private SimProcessors(String type, Function<ProcessorContext, Processor> build) {
        this.type = type;
        this.build = build;
    }

    /** Told of each run of items that passes a tap. */
    interface Watcher {
        /** @param counted how many items the run says it has; a metric counts for its points */
        void run(String tap, int lane, int[] numbers, int counted);
    }

    /** Type {@code tap}: tells of what passes. */
    static ProcessorFactory tap(Watcher watcher) {
        return new SimProcessors("tap", context -> {
            String tap = context.id().name();
            ItemCursor cursor = new ItemCursor();
            View view = new View(context.signal());
            return part -> {
                for (int run = 0; run < part.runCount(); run++) {
                    int[] numbers = new int[4];
                    int count = 0;
                    for (cursor.wrap(part, run); cursor.next(); count++) {
                        numbers = count < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * count);
                        numbers[count] = view.wrap(cursor, null, 0);
                    }
                    watcher.run(tap, context.lane(), Arrays.copyOf(numbers, count), part.runItemCount(run));
                }
                context.next().accept(part);
            };
        });
    }

    /** Type {@code mark}: every third item gets an attribute, a metric on each of its points. */
    static ProcessorFactory mark() {
        return new SimProcessors("mark", context -> {
            int mark = Integer.parseInt(context.id().name());
            byte[] key = ("mark." + mark).getBytes(StandardCharsets.UTF_8);
            ItemCursor cursor = new ItemCursor();
            View view = new View(context.signal());
            return part -> {
                int element = 0;
                for (int run = 0; run < part.runCount(); run++) {
                    for (cursor.wrap(part, run); cursor.next(); element++) {
                        if (view.wrap(cursor, part.items(), element) % 3 == mark) {
                            view.put(key, YES);
                        }
                    }
                }
                context.next().accept(part);
            };
        });
    }

    /** An item of one signal, whatever it is. */
    private static final class View {
        private final Signal signal;
        private final SpanView span = new SpanView();
        private final LogRecordView log = new LogRecordView();
        private final MetricView metric = new MetricView();
        private final DataPointView point = new DataPointView();

        View(Signal signal) {
            this.signal = signal;
        }

        /** Returns the number of the item. */
        int wrap(ItemCursor cursor, @Nullable Overlay overlay, int element) {
            byte[] bytes = cursor.bytes();
            switch (signal) {
                case TRACES -> {
                    if (overlay == null) {
                        span.wrap(bytes, cursor.offset(), cursor.length());
                    } else {
                        span.wrap(bytes, cursor.offset(), cursor.length(), overlay, element);
                    }
                    return (int) span.spanIdBits() - 1;
                }
                case LOGS -> {
                    if (overlay == null) {
                        log.wrap(bytes, cursor.offset(), cursor.length());
                    } else {
                        log.wrap(bytes, cursor.offset(), cursor.length(), overlay, element);
                    }
                    return (int) log.spanIdBits() - 1;
                }
                default -> {
                    if (overlay == null) {
                        metric.wrap(bytes, cursor.offset(), cursor.length());
                    } else {
                        metric.wrap(bytes, cursor.offset(), cursor.length(), overlay, element);
                    }
                    return Integer.parseInt(
                            new String(
                                    metric.nameBytes(),
                                    metric.nameOffset(),
                                    metric.nameLength(),
                                    StandardCharsets.UTF_8),
                            7,
                            metric.nameLength(),
                            10);
                }
            }
        }

        void put(byte[] key, byte[] text) {
            switch (signal) {
                case TRACES -> span.attributes().putString(key, text);
                case LOGS -> log.attributes().putString(key, text);
                default -> {
                    metric.rewindPoints();
                    while (metric.nextPoint(point)) {
                        point.attributes().putString(key, text);
                    }
                    metric.storePoints();
                }
            }
        }
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
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ProcessorConfig decode(ConfigNode yaml) {
        return build::apply;
    }
}
