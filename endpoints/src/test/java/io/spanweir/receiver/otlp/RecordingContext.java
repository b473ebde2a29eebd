package io.spanweir.receiver.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.ComponentId;
import io.spanweir.component.Intake;
import io.spanweir.component.ReceiverContext;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.memory.Budget;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.SystemClock;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.Signal;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine that keeps what it is given, parsed by protobuf-java; it can be full, slow to settle, or broken. */
final class RecordingContext implements ReceiverContext {
    /** One request as it was taken. */
    record Taken(Signal signal, String transport, Message message, ClientMetadata metadata, String thread) {}

    static final String REFUSAL = "the store is full";

    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final List<Settlement> unsettled = new CopyOnWriteArrayList<>();
    final Map<String, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger intakesOpen = new AtomicInteger();
    final Budget transit = new Budget("transit", 64L << 20);
    volatile boolean full;
    volatile boolean ringFull;
    volatile boolean broken;
    volatile boolean waitsForResult;
    volatile long retryDelayNanos = 1_500_000_000L;

    private final TransitMemory memory = new TransitMemory(transit, 1 << 20);
    private final Set<Signal> signals;
    private final OtlpLimits limits;

    RecordingContext(Signal... signals) {
        this(OtlpLimits.DEFAULTS, signals);
    }

    RecordingContext(OtlpLimits limits, Signal... signals) {
        this.limits = limits;
        this.signals = signals.length == 0 ? EnumSet.allOf(Signal.class) : EnumSet.copyOf(Arrays.asList(signals));
    }

    int port(String what) {
        return addresses.get(what).getPort();
    }

    @Override
    public ComponentId id() {
        return new ComponentId("otlp", "");
    }

    @Override
    public boolean receives(Signal signal) {
        return signals.contains(signal);
    }

    @Override
    public Intake intake(Signal signal, String transport) {
        intakesOpen.incrementAndGet();
        return new RecordingIntake(signal, transport);
    }

    @Override
    public OtlpLimits limits() {
        return limits;
    }

    @Override
    public Clock clock() {
        return new SystemClock();
    }

    @Override
    public MetricRegistry metrics() {
        return new MetricRegistry();
    }

    @Override
    public void listening(String what, InetSocketAddress address) {
        addresses.put(what, address);
    }

    static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(bytes);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(bytes);
            case LOGS -> ExportLogsServiceRequest.parseFrom(bytes);
        };
    }

    private final class RecordingIntake implements Intake {
        private final Signal signal;
        private final String transport;
        private final String thread = Thread.currentThread().getName();
        private final TransitAppender appender = memory.appender();
        private String refusal = "";
        private String problem = "";
        private boolean open = true;

        RecordingIntake(Signal signal, String transport) {
            this.signal = signal;
            this.transport = transport;
        }

        private void check() {
            if (!open || !Thread.currentThread().getName().equals(thread)) {
                throw new IllegalStateException("intake of " + thread + " used by "
                        + Thread.currentThread().getName());
            }
        }

        @Override
        public @Nullable TransitRegion reserve(int lengthBytes) {
            check();
            if (lengthBytes > limits.maxMessageBytes()) {
                throw new IllegalStateException("room for " + lengthBytes + " bytes asked for");
            }
            refusal = REFUSAL;
            return full ? null : appender.reserve(lengthBytes);
        }

        @Override
        public void wakeLanesBy(Executor round) {
            check();
        }

        @Override
        public void abandon(TransitRegion region) {
            check();
            appender.abandon(region);
        }

        @Override
        public Admission publish(
                TransitRegion region, int lengthBytes, ClientMetadata metadata, @Nullable Settlement settlement) {
            check();
            if (broken) {
                region.release();
                throw new IllegalStateException("a defect");
            }
            byte[] bytes = Arrays.copyOfRange(region.bytes(), region.offset(), region.offset() + lengthBytes);
            region.release();
            if (ringFull) {
                refusal = REFUSAL;
                return Admission.REFUSED;
            }
            try {
                taken.add(new Taken(signal, transport, parse(signal, bytes), metadata, thread));
            } catch (InvalidProtocolBufferException e) {
                problem = "resource_spans[0].scope_spans[0].spans[1].trace_id: 15 bytes at offset 9, expected 16";
                return Admission.MALFORMED;
            }
            if (settlement != null) {
                unsettled.add(settlement);
            }
            return Admission.ACCEPTED;
        }

        @Override
        public void countFailed(int items) {
            check();
            failed.addAndGet(items);
        }

        @Override
        public int itemCount() {
            return 0;
        }

        @Override
        public String refusal() {
            return refusal;
        }

        @Override
        public long retryDelayNanos() {
            return retryDelayNanos;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public boolean waitsForResult() {
            return waitsForResult;
        }

        @Override
        public void close() {
            if (!open) {
                throw new IllegalStateException("closed twice");
            }
            open = false;
            appender.close();
            intakesOpen.decrementAndGet();
        }
    }
}
