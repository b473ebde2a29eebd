package io.spanweir.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.component.SendOutcome;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known from outside of every span: when it was acknowledged, what it passed, where it was sent, how that ended. */
final class Books {
    private static final Set<String> THRESHOLDS = Set.of("", "ot=th:0", "ot=th:8", "ot=th:c");

    final Scenario scenario;
    final SimTraffic traffic;
    private final LongSupplier clock;
    private final Map<String, Tap> taps = new HashMap<>();
    private final Map<String, OutBook> outs = new LinkedHashMap<>();
    private final Map<ByteString, Integer> laneOfTrace = new HashMap<>();
    private final boolean affinity;
    private final List<Pledge> pledges = new ArrayList<>();
    private @Nullable Violation violation;

    /** Order in which spans were acknowledged, by number; 0: not yet. */
    private int[] acknowledged = new int[64];

    private int requestsAcknowledged;
    private final Map<Signal, Long> acknowledgedItems = new EnumMap<>(Signal.class);

    /** What passed one tap. */
    static final class Tap {
        private int[] counts = new int[64];
        private final Map<ByteString, List<Arrival>> byTrace = new LinkedHashMap<>();
        private final Map<Integer, Integer> lastOrderOfLane = new HashMap<>();
        long spans;

        int count(int span) {
            return span < counts.length ? counts[span] : 0;
        }

        List<Arrival> arrivals(ByteString trace) {
            return byTrace.getOrDefault(trace, List.of());
        }

        Map<ByteString, List<Arrival>> traces() {
            return byTrace;
        }
    }

    /** A run of spans of one trace at a tap. */
    record Arrival(int lane, long nanos, int[] spans) {}

    /** One exporter. */
    static final class OutBook {
        final SimLine line;
        private int[] shipped = new int[64];
        private boolean[] taken = new boolean[64];
        private final Map<Integer, String> thresholds = new HashMap<>();
        long takenSpans;
        long refusedSpans;
        long shippedSpans;

        OutBook(SimLine line) {
            this.line = line;
        }

        int shipped(int span) {
            return span < shipped.length ? shipped[span] : 0;
        }

        boolean taken(int span) {
            return span < taken.length && taken[span];
        }

        String threshold(int span) {
            return thresholds.getOrDefault(span, "");
        }
    }

    /** A client that waits for its result. */
    final class Pledge {
        private final SimTraffic.Request request;
        private int told;

        Pledge(SimTraffic.Request request) {
            this.request = request;
        }

        void settled(String failure) {
            if (++told > 1) {
                fail("acknowledgement", "request " + request.number() + " was settled " + told + " times");
            }
            if (!failure.isEmpty()) {
                return;
            }
            request.items().forEach(this::checkKept);
        }

        private void checkKept(int span) {
            for (SimLine line : scenario.lines) {
                if (line.signal != request.signal() || line.before != null && !line.before.direct()) {
                    continue;
                }
                if (tap(line.first()).count(span) == 0) {
                    fail(
                            "acknowledgement",
                            "request " + request.number() + " was settled before span " + span + " reached "
                                    + line.name);
                }
                for (String out : line.direct() ? line.exporters : List.<String>of()) {
                    if (scenario.outs.get(out).waitForResult() && !out(out).taken(span)) {
                        fail(
                                "acknowledgement",
                                "request " + request.number() + " was settled before " + out + " had taken span "
                                        + span);
                    }
                }
            }
        }
    }

    Books(Scenario scenario, SimTraffic traffic, LongSupplier clock) {
        this.scenario = scenario;
        this.traffic = traffic;
        this.clock = clock;
        this.affinity = scenario.lines.stream().anyMatch(SimLine::samples);
        for (SimLine line : scenario.lines) {
            taps.put(line.first(), new Tap());
            taps.put(line.last(), new Tap());
            line.exporters.forEach(out -> outs.put(out, new OutBook(line)));
        }
    }

    /** The first one counts; it is thrown between two steps, where no part of the engine can catch it. */
    void fail(String invariant, String facts) {
        if (violation == null) {
            violation = new Violation(invariant, facts);
        }
    }

    void throwIfBroken() {
        if (violation != null) {
            throw violation;
        }
    }

    long nowNanos() {
        return clock.getAsLong();
    }

    Tap tap(String name) {
        return taps.get(name);
    }

    OutBook out(String name) {
        return outs.get(name);
    }

    Map<String, OutBook> outs() {
        return outs;
    }

    Pledge pledge(SimTraffic.Request request) {
        Pledge pledge = new Pledge(request);
        pledges.add(pledge);
        return pledge;
    }

    void takeBack(Pledge pledge) {
        pledges.remove(pledge);
    }

    long unsettled() {
        return pledges.stream().filter(pledge -> pledge.told == 0).count();
    }

    void acknowledge(SimTraffic.Request request) {
        requestsAcknowledged++;
        for (int number : request.items()) {
            acknowledgedItems.merge(request.signal(), (long) traffic.weight(number), Long::sum);
            acknowledged = grown(acknowledged, number);
            acknowledged[number] = requestsAcknowledged;
        }
    }

    /** Spans, log records or data points. */
    long acknowledged(Signal signal) {
        return acknowledgedItems.getOrDefault(signal, 0L);
    }

    boolean acknowledged(int span) {
        return span < acknowledged.length && acknowledged[span] > 0;
    }

    void passed(String tapName, int lane, int[] spans, int counted) {
        Tap tap = tap(tapName);
        ByteString trace = null;
        for (int span : spans) {
            if (span < 0 || span >= traffic.itemCount() || !acknowledged(span)) {
                fail("content", tapName + ": a span that nobody had acknowledged: " + span);
                return;
            }
            tap.counts = grown(tap.counts, span);
            if (++tap.counts[span] > 1) {
                fail("once", tapName + ": span " + span + " passed twice");
            }
            if (!(traffic.item(span) instanceof Span whole)) {
                continue;
            }
            ByteString id = whole.getTraceId();
            if (trace != null && !trace.equals(id)) {
                fail("content", tapName + ": one run has spans of two traces");
            }
            trace = id;
        }
        long weight = traffic.weight(spans);
        if (weight != counted) {
            fail("content", tapName + ": a run of " + weight + " items says that it has " + counted);
        }
        tap.spans += weight;
        if (trace == null) {
            return;
        }
        tap.byTrace.computeIfAbsent(trace, id -> new ArrayList<>()).add(new Arrival(lane, clock.getAsLong(), spans));
        if (affinity && laneOfTrace.computeIfAbsent(trace, id -> lane) != lane) {
            fail("one lane", tapName + ": spans of one trace on the lanes " + laneOfTrace.get(trace) + " and " + lane);
        }
        checkOrder(tapName, tap, lane, spans[0]);
    }

    /** Before the first processor that keeps data, a lane sees requests in the order in which they were acknowledged. */
    private void checkOrder(String tapName, Tap tap, int lane, int span) {
        if (!tapName.equals("l0-first")) {
            return;
        }
        int order = acknowledged[span];
        Integer before = tap.lastOrderOfLane.put(lane, order);
        if (before != null && before > order) {
            fail("order", tapName + ": request " + order + " after request " + before + " on lane " + lane);
        }
    }

    /** An item in a request to an exporter. Returns its number. */
    int arrived(String out, SimWire.Item item) {
        Message message = item.message();
        int number = SimTraffic.number(message);
        OutBook book = out(out);
        if (number < 0 || number >= traffic.itemCount() || traffic.item(number).getClass() != message.getClass()) {
            fail("content", out + ": an item that nobody sent");
            return 0;
        }
        int group = SimTraffic.group(number);
        if (!item.resource().equals(expectedResource(book.line, group))
                || !item.scope().equals(SimTraffic.scope(group))) {
            fail("content", out + ": item " + number + " under another resource or scope");
        }
        Message plain = message;
        String state = "";
        if (message instanceof Span span && !span.getTraceState().isEmpty()) {
            state = span.getTraceState();
            book.thresholds.put(number, state);
            plain = span.toBuilder().clearTraceState().build();
        }
        if (!plain.equals(expected(book.line, number)) || !stateAllowed(book.line, state)) {
            fail("content", out + ": item " + number + " is not what was sent: " + shortened(message));
        }
        return number;
    }

    private static String shortened(Message item) {
        String text = item.toString();
        return text.length() < 400 ? text : text.substring(0, 400);
    }

    private static boolean stateAllowed(SimLine line, String state) {
        boolean writes = false;
        for (SimLine one = line; one != null; one = one.before) {
            writes |= one.writesThresholds();
        }
        return writes ? THRESHOLDS.contains(state) : state.isEmpty();
    }

    private Message expected(SimLine line, int number) {
        Message sent = traffic.item(number);
        List<KeyValue> added = new ArrayList<>();
        boolean renamed = false;
        for (SimLine one = line; one != null; one = one.before) {
            renamed |= one.renames;
            if (one.mark == number % 3) {
                KeyValue mark = SimTraffic.text("mark." + one.mark, "yes");
                added.remove(mark);
                added.add(0, mark);
            }
        }
        if (added.isEmpty() && !renamed) {
            return sent;
        }
        if (sent instanceof Span span) {
            return span.toBuilder()
                    .clearAttributes()
                    .addAllAttributes(edited(span.getAttributesList(), renamed, added))
                    .build();
        }
        if (sent instanceof LogRecord log) {
            return log.toBuilder()
                    .clearAttributes()
                    .addAllAttributes(edited(log.getAttributesList(), renamed, added))
                    .build();
        }
        Metric.Builder metric = ((Metric) sent).toBuilder();
        for (NumberDataPoint.Builder point : metric.getGaugeBuilder().getDataPointsBuilderList()) {
            List<KeyValue> attributes = edited(point.getAttributesList(), renamed, added);
            point.clearAttributes().addAllAttributes(attributes);
        }
        return metric.build();
    }

    private static List<KeyValue> edited(List<KeyValue> sent, boolean renamed, List<KeyValue> added) {
        List<KeyValue> attributes = new ArrayList<>();
        for (KeyValue one : sent) {
            boolean moved = renamed && one.getKey().equals("fill");
            attributes.add(moved ? one.toBuilder().setKey("note").build() : one);
        }
        attributes.addAll(added);
        return attributes;
    }

    private static Resource expectedResource(SimLine line, int group) {
        for (SimLine one = line; one != null; one = one.before) {
            if (one.movesToRegion) {
                return SimTraffic.resource(group).toBuilder()
                        .addAttributes(SimTraffic.text("region", "north"))
                        .build();
            }
        }
        return SimTraffic.resource(group);
    }

    /** A request is sent for the first time. */
    void shipped(String out, int[] spans) {
        OutBook book = out(out);
        book.shippedSpans += traffic.weight(spans);
        for (int span : spans) {
            book.shipped = grown(book.shipped, span);
            if (++book.shipped[span] > 1) {
                fail("once", out + ": span " + span + " in two requests");
            }
            if (tap(book.line.last()).count(span) == 0) {
                fail("once", out + ": span " + span + " was sent and never came to the end of " + book.line.name);
            }
        }
    }

    void ended(SimBackend.Shipment shipment, SendOutcome outcome, boolean givenUp) {
        OutBook book = out(shipment.out);
        if (outcome.kind() == SendOutcome.Kind.SENT) {
            for (int span : shipment.spans) {
                book.taken = span < book.taken.length ? book.taken : Arrays.copyOf(book.taken, span * 2);
                book.taken[span] = true;
            }
        }
        if (givenUp) {
            return;
        }
        long rejected = Math.min(outcome.rejectedItems(), shipment.items);
        boolean sent = outcome.kind() == SendOutcome.Kind.SENT;
        book.takenSpans += sent ? shipment.items - rejected : 0;
        book.refusedSpans += sent ? rejected : shipment.items;
    }

    void threw(SimBackend.Shipment shipment) {
        out(shipment.out).refusedSpans += shipment.items;
    }

    private static int[] grown(int[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, index * 2);
    }
}
