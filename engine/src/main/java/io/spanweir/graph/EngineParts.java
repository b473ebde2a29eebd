package io.spanweir.graph;

import io.spanweir.component.LaneMemory;
import io.spanweir.export.ExportMemory;
import io.spanweir.lane.Ring;
import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.MemoryMetric;
import io.spanweir.memory.MemoryPlan;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitMemory;
import io.spanweir.storage.Disk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.wire.OtlpLimits;
import java.util.List;
import java.util.SplittableRandom;

/** What the components of one engine share. Threading: any thread, except chance, which only the building thread draws from. */
public record EngineParts(
        Clock clock,
        Disk disk,
        MetricRegistry metrics,
        SplittableRandom chance,
        OtlpLimits limits,
        TransitMemory transit,
        HeldPool held,
        Budget tables,
        Pressure pressure,
        ExportMemory exportMemory,
        Ring ring)
        implements LaneMemory {

    /** Takes the memory of the plan and makes the ring with its lanes. A message takes half of transit memory at most. */
    public static EngineParts create(
            MemoryPlan plan,
            int ringSize,
            Clock clock,
            Disk disk,
            MetricRegistry metrics,
            long seed,
            OtlpLimits asked) {
        SplittableRandom chance = new SplittableRandom(seed);
        OtlpLimits limits = new OtlpLimits(
                (int) Math.min(asked.maxMessageBytes(), plan.transitBytes() / 2),
                asked.maxAnyValueDepth(),
                asked.maxAttributesPerElement(),
                asked.maxItems());
        Budget transit = new Budget("transit", plan.transitBytes());
        Budget held = new Budget("held", plan.heldBytes());
        Budget tables = new Budget("tables", plan.tablesBytes());
        Budget export = new Budget("export", plan.exportBytes());
        for (Budget budget : List.of(transit, held, tables, export)) {
            MemoryMetric.register(metrics, budget);
        }
        Pressure pressure = new Pressure(List.of(held, tables));
        MemoryMetric.register(metrics, pressure);
        return new EngineParts(
                clock,
                disk,
                metrics,
                chance,
                limits,
                new TransitMemory(transit, plan.segmentLengthBytes()),
                new HeldPool(held, plan.segmentLengthBytes()),
                tables,
                pressure,
                new ExportMemory(export),
                new Ring(ringSize, plan.lanes(), chance.nextLong(), clock, pressure, metrics));
    }
}
