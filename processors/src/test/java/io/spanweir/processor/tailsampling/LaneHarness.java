package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.ComponentId;
import io.spanweir.component.LaneMemory;
import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.Metric;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.time.Timers;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One lane with one processor, turned by hand: manual clock, timers, memory, and a recorder behind it. */
final class LaneHarness implements ProcessorContext, LaneMemory {
    private static final int TURNS_MAX = 10_000;

    final ManualClock clock;
    final MetricRegistry metrics = new MetricRegistry();
    final Recorder recorder = new Recorder();
    final Budget heldBudget;
    final Budget tables;
    boolean ready = true;
    long roomBytes = Long.MAX_VALUE;

    private final Timers timers = new Timers();
    private final HeldPool held;
    private final Pressure pressure;
    private final int laneCount;
    private final SplittableRandom random = new SplittableRandom(7);
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private final PartConsumer next;
    private final Processor processor;

    LaneHarness(String options) {
        this(config(options), new ManualClock(), 1, 64 << 20, 64 << 20, null);
    }

    LaneHarness(
            TailSamplingProcessorConfig config,
            ManualClock clock,
            int laneCount,
            long heldBytes,
            long tableBytes,
            PartConsumer next) {
        this.clock = clock;
        this.laneCount = laneCount;
        this.heldBudget = new Budget("held", heldBytes);
        this.tables = new Budget("tables", tableBytes);
        this.held = new HeldPool(heldBudget, 64 << 10);
        this.pressure = new Pressure(List.of(heldBudget, tables));
        this.next = next == null ? recorder : next;
        this.processor = config.build(this);
        processor.start();
    }

    static TailSamplingProcessorConfig config(String options) {
        Problems problems = new Problems();
        ConfigNode yaml = ConfigNode.parse("test.yaml", options, problems);
        TailSamplingProcessorConfig config =
                (TailSamplingProcessorConfig) yaml.decode(new TailSamplingProcessorFactory()::decode);
        assertThat(problems.errors()).isEmpty();
        return config;
    }

    void send(ExportTraceServiceRequest request) {
        send(request.toByteArray(), part -> {});
    }

    /** Scans, lets {@code edit} change what a processor before might, and hands the part on. */
    void send(byte[] message, Consumer<BatchPart> edit) {
        BatchPart part = part(message);
        edit.accept(part);
        processor.accept(part);
        settle();
    }

    BatchPart part(byte[] message) {
        assertThat(scanner.scan(Signal.TRACES, message, 0, message.length)).isNotNegative();
        BatchPart part = new BatchPart();
        fill(part, message);
        return part;
    }

    private void fill(BatchPart part, byte[] message) {
        OtlpIndex index = scanner.index();
        part.clear(Signal.TRACES);
        for (int group = 0; group < index.groupCount(); group++) {
            part.addGroup(
                    message,
                    index.resourcePrefixOffset(group),
                    index.resourcePrefixLength(group),
                    index.resourceSuffixOffset(group),
                    index.resourceSuffixLength(group),
                    index.scopePrefixOffset(group),
                    index.scopePrefixLength(group),
                    index.scopeSuffixOffset(group),
                    index.scopeSuffixLength(group));
        }
        for (int run = 0; run < index.runCount(); run++) {
            part.addRun(
                    index.runGroup(run),
                    message,
                    index.runOffset(run),
                    index.runLength(run),
                    index.runItemCount(run),
                    index.runElementCount(run),
                    index.runTraceIdOffset(run));
        }
    }

    /** Hands on without a turn, as within one turn of a lane. */
    void accept(BatchPart part) {
        processor.accept(part);
    }

    /** One turn as a lane makes it. */
    int turn() {
        int done = timers.expire(clock.nanos(), 64);
        done += processor.turn();
        pressure.advance(clock.nanos());
        return done;
    }

    /** Turns until nothing is left to do at this instant. */
    void settle() {
        for (int turns = 0; turn() > 0; turns++) {
            assertThat(turns).as("turns at one instant").isLessThan(TURNS_MAX);
            clock.advanceNanos(1); // what did not fit into a step is due a nanosecond later
        }
    }

    void advance(Duration duration) {
        long until = clock.nanos() + duration.toNanos();
        while (clock.nanos() < until) {
            long step = Math.min(until - clock.nanos(), Math.max(1, timers.nextDeadlineNanos() - clock.nanos()));
            clock.advanceNanos(step);
            settle();
        }
    }

    /** Drains to the end; false when it does not end. */
    boolean drain() {
        for (int turns = 0; turns < TURNS_MAX; turns++) {
            if (processor.drain()) {
                return true;
            }
            turn();
        }
        return false;
    }

    boolean drainStep() {
        return processor.drain();
    }

    long count(Metric metric, String... labels) {
        return (long) metrics.sum(metric, labels);
    }

    boolean refusing() {
        return pressure.refusing();
    }

    /** in = out + held + dropped by reason. */
    void assertBalance(long spansSent) {
        long received = count(TailSamplingMetric.RECEIVED_SPANS);
        long heldNow = count(TailSamplingMetric.HELD_SPANS);
        long finished = count(TailSamplingMetric.FINISHED_SPANS);
        assertThat(received).as("spans received").isEqualTo(spansSent);
        assertThat(finished + heldNow).as("spans finished and held").isEqualTo(spansSent);
        assertThat(count(TailSamplingMetric.FINISHED_SPANS, "sampled"))
                .as("spans counted as sampled")
                .isEqualTo(recorder.spanCount());
    }

    @Override
    public ComponentId id() {
        return new ComponentId("tail_sampling", "");
    }

    @Override
    public String pipeline() {
        return "traces";
    }

    @Override
    public Signal signal() {
        return Signal.TRACES;
    }

    @Override
    public int lane() {
        return 0;
    }

    @Override
    public int laneCount() {
        return laneCount;
    }

    @Override
    public PartConsumer next() {
        return next;
    }

    @Override
    public boolean downstreamReady(long lengthBytes) {
        return ready && lengthBytes <= roomBytes;
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }

    @Override
    public LaneMemory memory() {
        return this;
    }

    @Override
    public SplittableRandom random() {
        return random;
    }

    @Override
    public HeldPool held() {
        return held;
    }

    @Override
    public Budget tables() {
        return tables;
    }

    @Override
    public Pressure pressure() {
        return pressure;
    }
}
