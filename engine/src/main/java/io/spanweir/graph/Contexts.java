package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.LaneMemory;
import io.spanweir.component.ProcessorContext;
import io.spanweir.data.PartConsumer;
import io.spanweir.export.ExportMemory;
import io.spanweir.export.ExportQueue;
import io.spanweir.lane.Lane;
import io.spanweir.storage.Disk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.List;
import java.util.SplittableRandom;

/** What the engine hands exporters and processors. */
final class Contexts {
    private Contexts() {}

    record OfExporter(ComponentId id, EngineParts parts) implements ExporterContext {
        @Override
        public Clock clock() {
            return parts.clock();
        }

        @Override
        public Disk disk() {
            return parts.disk();
        }

        @Override
        public MetricRegistry metrics() {
            return parts.metrics();
        }
    }

    static final class OfProcessor implements ProcessorContext {
        private final ComponentId id;
        private final PipelineId pipeline;
        private final Lane lane;
        private final EngineParts parts;
        private final PartConsumer next;
        private final ExportQueue[] behind;
        private final SplittableRandom random;

        OfProcessor(
                ComponentId id,
                PipelineId pipeline,
                Lane lane,
                EngineParts parts,
                PartConsumer next,
                List<ExportQueue> behind) {
            this.id = id;
            this.pipeline = pipeline;
            this.lane = lane;
            this.parts = parts;
            this.next = next;
            this.behind = behind.toArray(ExportQueue[]::new);
            this.random = parts.chance().split();
        }

        @Override
        public ComponentId id() {
            return id;
        }

        @Override
        public String pipeline() {
            return pipeline.toString();
        }

        @Override
        public Signal signal() {
            return pipeline.signal();
        }

        @Override
        public int lane() {
            return lane.number();
        }

        @Override
        public int laneCount() {
            return parts.ring().laneCount();
        }

        @Override
        public PartConsumer next() {
            return next;
        }

        @Override
        public boolean downstreamReady(long lengthBytes) {
            for (ExportQueue queue : behind) {
                if (queue.full()) {
                    return false;
                }
            }
            ExportMemory memory = parts.exportMemory();
            long wanted = (behind.length + 1) * lengthBytes * laneCount() + ROOM_BYTES; // every lane may ask at once
            return behind.length == 0 || memory.freeBytes() >= Math.min(wanted, memory.capacityBytes() / 2);
        }

        @Override
        public Clock clock() {
            return lane.clock();
        }

        @Override
        public Timers timers() {
            return lane.timers();
        }

        @Override
        public MetricRegistry metrics() {
            return parts.metrics();
        }

        @Override
        public LaneMemory memory() {
            return parts;
        }

        @Override
        public SplittableRandom random() {
            return random;
        }

        /** Envelopes and half-filled blocks of the requests that several lanes have open. */
        private static final long ROOM_BYTES = 256 * 1024;
    }
}
