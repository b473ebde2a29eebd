package io.spanweir.sim;

import io.spanweir.memory.MemoryPlan;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one seed builds: pipelines, exporters, memory, lanes, and the shape of what is sent. */
final class Scenario {
    private static final int LINES_MAX = 5;
    /** {@link Books} knows what these do. */
    private static final String EDITORS = """
              attributes/rename:
                actions:
                - {key: note, from_attribute: fill, action: upsert}
                - {key: fill, action: delete}
              resource/region:
                attributes:
                - {key: region, value: north, action: upsert}
            """;

    /** How one exporter is set up. */
    record Out(
            String name,
            int numConsumers,
            int queueSize,
            boolean waitForResult,
            boolean blockOnOverflow,
            boolean retriesForEver) {}

    final SplittableRandom random;
    /** More comes than memory can hold until it is decided. */
    final boolean flood;

    /** Backends that are in a mood stay in it, and their queues are long. */
    final boolean stubborn;

    final int lanes;
    final int segmentBytes;
    final long memoryBytes;
    final MemoryPlan plan;
    final int ringSize;
    final int intakes;
    final List<SimLine> roots = new ArrayList<>();
    final List<SimLine> lines = new ArrayList<>();
    /** What is sent: traces, and in some runs logs, metrics. */
    final List<Signal> signals;

    final Map<String, Out> outs = new LinkedHashMap<>();
    /** Those exporters that write to the disk. */
    final Map<String, SimFile.Shape> files = new LinkedHashMap<>();

    final String yaml;
    /** Largest text that fills a span. */
    final int fillMax;
    /** The longest request, well below what transit memory can hold. */
    final int requestBytesMax;

    final boolean cachesForget;
    private final StringBuilder exporters = new StringBuilder();
    private final StringBuilder processors = new StringBuilder();
    /** Each takes a share of the tables; where that is short, decisions are forgotten and late spans are judged anew. */
    private final int samplingsMax;

    private int samplings;
    private int connectors;

    Scenario(SplittableRandom random) {
        this.random = random;
        flood = random.nextInt(5) == 0;
        stubborn = random.nextInt(flood ? 3 : 6) == 0;
        lanes = 1 + random.nextInt(flood ? 2 : 3);
        boolean coarse = flood && random.nextInt(4) == 0;
        segmentBytes = coarse ? 64 << 10 : flood ? 4096 : 4096 << random.nextInt(4);
        boolean tiny = flood || random.nextInt(3) == 0;
        long transitMin = Math.max(4, 2L * lanes) * segmentBytes;
        long least = transitMin + 4L * lanes * segmentBytes + (512L << 10) * lanes + (2L << 20);
        memoryBytes = least
                + (coarse
                        ? (3L << 20) + random.nextInt(2 << 20)
                        : tiny ? random.nextInt(400_000) : (6L << 20) + random.nextInt(1 << 22));
        samplingsMax = tiny ? 1 : 2;
        plan = MemoryPlan.of(memoryBytes, lanes, segmentBytes);
        ringSize = 8 << random.nextInt(4);
        intakes = 1 + random.nextInt(3);
        requestBytesMax = (int) Math.min(plan.transitBytes() / 4, coarse ? 150_000 : 48_000);
        fillMax = coarse
                ? 45_000
                : switch (flood ? 0 : random.nextInt(4)) {
                    case 0 -> Math.min(requestBytesMax / 3, 4000 + random.nextInt(8000));
                    case 1 -> 2000;
                    default -> 100;
                };
        cachesForget = random.nextInt(12) == 0;
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            roots.add(line(Signal.TRACES, null));
        }
        for (Signal signal : List.of(Signal.LOGS, Signal.METRICS)) {
            if (!flood && random.nextInt(3) == 0) {
                roots.add(line(signal, null));
            }
        }
        signals = roots.stream().map(root -> root.signal).distinct().toList();
        yaml = yaml();
    }

    /** The longest wait for a decision; 0 when nothing is sampled. */
    long waitNanosMax() {
        return lines.stream().mapToLong(line -> line.waitNanos).max().orElse(0);
    }

    private SimLine line(Signal signal, @Nullable SimLine before) {
        SimLine line = new SimLine("l" + lines.size(), signal, before);
        lines.add(line);
        processors(line);
        boolean deeper = lines.size() < LINES_MAX && (before == null || before.before == null);
        int children = !stubborn && deeper && random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        int ends = stubborn ? 2 : children > 0 ? random.nextInt(2) : 1 + random.nextInt(4) / 3;
        for (int i = 0; i < ends; i++) {
            line.exporters.add(out(signal));
        }
        for (int i = 0; i < children && lines.size() < LINES_MAX + 1; i++) {
            line.next.add(line(signal, line));
        }
        if (line.exporters.isEmpty() && line.next.isEmpty()) {
            line.exporters.add(out(signal));
        }
        return line;
    }

    private void processors(SimLine line) {
        line.processors.add("tap/" + line.first());
        if (random.nextInt(3) == 0) {
            line.processors.add("memory_limiter");
        }
        if (random.nextInt(5) == 0) {
            line.renames = true;
            line.processors.add("attributes/rename");
        }
        if (random.nextInt(5) == 0) {
            line.movesToRegion = true;
            line.processors.add("resource/region");
        }
        if (random.nextInt(3) == 0) {
            line.mark = lines.size() % 3;
            line.processors.add("mark/" + line.mark);
        }
        boolean sampledBefore = line.before != null && (line.before.samples() || !line.before.direct());
        boolean traces = line.signal == Signal.TRACES;
        if (traces && samplings < samplingsMax && (flood || random.nextInt(sampledBefore ? 6 : 2) == 0)) {
            samplings++;
            sampling(line);
        }
        if (stubborn || random.nextInt(3) == 0) {
            String id = "batch/" + line.name;
            int size = 1 + random.nextInt(stubborn ? 3 : 40);
            processors
                    .append("  ")
                    .append(id)
                    .append(": {send_batch_size: %d, send_batch_max_size: %d, timeout: %dms}\n"
                            .formatted(
                                    size,
                                    random.nextBoolean() ? 0 : size + random.nextInt(20),
                                    1 + random.nextInt(400)));
            line.processors.add(id);
        }
        line.processors.add("tap/" + line.last());
    }

    private void sampling(SimLine line) {
        String id = "tail_sampling/" + line.name;
        List<SimPolicy> policies = SimPolicy.draw(random);
        line.policies = policies;
        long waitMillis = flood ? 3000 + random.nextInt(3000) : 200 + random.nextInt(3000);
        line.waitNanos = waitMillis * 1_000_000;
        line.numTraces = !flood && random.nextInt(3) == 0 ? 3 + random.nextInt(20) : 100_000;
        processors
                .append("  ")
                .append(id)
                .append(": {decision_wait: %dms, num_traces: %d, decision_cache: {%s}, policies: [%s]}\n"
                        .formatted(
                                waitMillis,
                                line.numTraces,
                                cachesForget ? "" : "sampled_cache_size: 30000, non_sampled_cache_size: 30000",
                                policies.stream().map(SimPolicy::yaml).collect(Collectors.joining(", "))));
        line.processors.add(id);
    }

    private String out(Signal signal) {
        boolean waits = random.nextInt(5) == 0;
        boolean file = random.nextInt(4) == 0;
        Out out = new Out(
                (file ? "file/x" : "out/x") + outs.size(),
                1 + random.nextInt(4),
                stubborn ? 200 : 1 + random.nextInt(random.nextBoolean() ? 4 : 60),
                waits,
                random.nextInt(6) == 0,
                random.nextInt(4) != 0);
        outs.put(out.name, out);
        exporters.append(
                "  %s: {%ssending_queue: {queue_size: %d, num_consumers: %d, wait_for_result: %s, block_on_overflow: %s}, retry_on_failure: {initial_interval: 100ms, max_interval: 1s, max_elapsed_time: %s}}\n"
                        .formatted(
                                out.name,
                                file ? file(out.name, signal).yaml(out.name) + ", " : "",
                                out.queueSize,
                                out.numConsumers,
                                out.waitForResult,
                                out.blockOnOverflow,
                                out.retriesForEver ? "0s" : "3s"));
        return out.name;
    }

    private SimFile.Shape file(String out, Signal signal) {
        boolean rotates = random.nextBoolean();
        SimFile.Shape shape = new SimFile.Shape(
                signal,
                random.nextBoolean(),
                rotates ? random.nextInt(random.nextBoolean() ? 2000 : 30_000) : -1,
                random.nextInt(3),
                rotates ? random.nextInt(3) : 0);
        files.put(out, shape);
        return shape;
    }

    private String yaml() {
        StringBuilder pipelines = new StringBuilder();
        StringBuilder joints = new StringBuilder();
        roots.forEach(root -> pipeline(root, "in", pipelines, joints));
        StringBuilder taps = new StringBuilder();
        lines.forEach(line -> taps.append("  tap/%s: {}\n  tap/%s: {}\n".formatted(line.first(), line.last())));
        for (int mark = 0; mark < 3; mark++) {
            taps.append("  mark/").append(mark).append(": {}\n");
        }
        return "receivers: {in: }\nprocessors:\n  memory_limiter: {limit_mib: 64}\n" + EDITORS + taps + processors
                + "exporters:\n" + exporters
                + (joints.isEmpty() ? "" : "connectors:\n" + joints) + "service:\n  pipelines:\n" + pipelines
                + "engine: {ring_size: %d, segment_size: %dKiB}\n".formatted(ringSize, segmentBytes >> 10);
    }

    private void pipeline(SimLine line, String from, StringBuilder pipelines, StringBuilder joints) {
        List<String> ends = new ArrayList<>(line.exporters);
        if (!line.next.isEmpty()) {
            String joint = "forward/j" + connectors++;
            joints.append("  ").append(joint).append(": {}\n");
            ends.add(random.nextInt(ends.size() + 1), joint);
            line.next.forEach(next -> pipeline(next, joint, pipelines, joints));
        }
        pipelines.append("    %s/%s: {receivers: [%s], processors: [%s], exporters: [%s]}\n"
                .formatted(
                        line.signal.pipelineName(),
                        line.name,
                        from,
                        String.join(", ", line.processors),
                        String.join(", ", ends)));
    }
}
