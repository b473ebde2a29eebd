package io.spanweir.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.ExportRequest;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The wire and what is behind it: backends that take, refuse, hang, answer late, twice, in part, or break. Type {@code out}. */
final class SimBackend implements ExporterFactory {
    /** What a backend does with an attempt. */
    enum Mood {
        TAKES,
        ANSWERS_LATER,
        SAYS_RETRY,
        THROTTLES,
        SAYS_NO,
        TAKES_IN_PART,
        THROWS,
        ANSWERS_TWICE
    }

    private static final long THROTTLE_NANOS_MAX = 1_500_000_000L;

    private final SplittableRandom random;
    private final Books books;
    private final LongSupplier clock;
    private final Map<ExportRequest, Shipment> shipments = new IdentityHashMap<>();
    private final List<Shipment> unanswered = new ArrayList<>();
    final List<Shipment> all = new ArrayList<>();
    private final Map<String, Mood> moods = new HashMap<>();
    /** Retries hurry now, and what was given up may still be answered. */
    boolean stopping;

    boolean givenUp;

    /** One request of one exporter, with all its attempts. */
    static final class Shipment {
        final String out;
        final int[] spans;
        /** Spans, log records, points. */
        final long items;

        final long contentHash;
        int attempts;

        @Nullable
        ExportRequest open;

        Exporter.@Nullable Callback callback;

        @Nullable
        SendOutcome answer;

        long notBeforeNanos;

        Shipment(String out, int[] spans, long items, long contentHash) {
            this.out = out;
            this.spans = spans;
            this.items = items;
            this.contentHash = contentHash;
        }

        boolean ended() {
            return answer != null && answer.kind() != SendOutcome.Kind.RETRYABLE;
        }

        boolean taken() {
            return answer != null && answer.kind() == SendOutcome.Kind.SENT;
        }
    }

    SimBackend(SplittableRandom random, Books books, LongSupplier clock) {
        this.random = random;
        this.books = books;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "out";
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
    public ExporterConfig decode(ConfigNode yaml) {
        SendingQueueConfig queue = yaml.record("sending_queue", SendingQueueConfig::decode);
        RetryConfig retry = yaml.record("retry_on_failure", RetryConfig::decode);
        return new ExporterConfig() {
            @Override
            public Exporter build(ExporterContext context) {
                String out = context.id().toString();
                return (request, callback) -> send(out, request, callback);
            }

            @Override
            public SendingQueueConfig sendingQueue() {
                return queue;
            }

            @Override
            public RetryConfig retryOnFailure() {
                return retry;
            }
        };
    }

    void mood(String out, Mood mood) {
        moods.put(out, mood);
    }

    int unansweredCount() {
        return unanswered.size();
    }

    /** One of the answers that are due comes, not the oldest as a rule. */
    void answerOne() {
        if (!unanswered.isEmpty()) {
            Shipment one = unanswered.remove(random.nextInt(unanswered.size()));
            checkUnchanged(one);
            answer(one, random.nextInt(3) == 0 ? SendOutcome.retryable("later", 0) : SendOutcome.sent());
        }
    }

    /** All backends are well and have answered. */
    void recover() {
        moods.clear();
        while (!unanswered.isEmpty()) {
            Shipment one = unanswered.remove(0);
            checkUnchanged(one);
            answer(one, SendOutcome.sent());
        }
    }

    /** The bytes may be read until the answer, however late that comes. */
    private void checkUnchanged(Shipment shipment) {
        ExportRequest request = shipment.open;
        if (request != null && contentHash(request) != shipment.contentHash) {
            books.fail("content", shipment.out + ": a request changed before it was answered");
        }
    }

    private void send(String out, ExportRequest request, Exporter.Callback callback) {
        react(begin(out, request, callback), moods.getOrDefault(out, Mood.TAKES));
    }

    /** An attempt begins; {@link #answer} ends it. */
    Shipment begin(String out, ExportRequest request, Exporter.Callback callback) {
        Shipment shipment = shipments.get(request);
        if (shipment == null) {
            int[] numbers = read(out, request);
            shipment = new Shipment(out, numbers, books.traffic.weight(numbers), contentHash(request));
            shipments.put(request, shipment);
            all.add(shipment);
            books.shipped(out, shipment.spans);
            if (shipment.items != request.itemCount()) {
                books.fail("content", out + ": a request of " + request.itemCount() + " items has " + shipment.items);
            }
        } else {
            checkRetry(shipment, request);
        }
        shipment.attempts++;
        shipment.open = request;
        shipment.callback = callback;
        shipment.answer = null;
        if (books.scenario.outs.get(out).retriesForEver()) {
            checkInFlight(out);
        }
        return shipment;
    }

    private void react(Shipment shipment, Mood mood) {
        switch (mood) {
            case TAKES -> answer(shipment, SendOutcome.sent());
            case ANSWERS_LATER -> unanswered.add(shipment);
            case SAYS_RETRY -> answer(shipment, SendOutcome.retryable("busy", 0));
            case THROTTLES ->
                answer(shipment, SendOutcome.retryable("slow down", 1 + random.nextLong(THROTTLE_NANOS_MAX)));
            case SAYS_NO -> answer(shipment, SendOutcome.permanent("no"));
            case TAKES_IN_PART ->
                answer(shipment, SendOutcome.partial(random.nextInt((int) shipment.items + 1), "some were bad"));
            case THROWS -> {
                books.threw(shipment);
                shipment.answer = SendOutcome.permanent("threw");
                shipment.open = null;
                throw new IllegalStateException("an exporter that breaks");
            }
            case ANSWERS_TWICE -> {
                Exporter.Callback callback = shipment.callback;
                answer(shipment, SendOutcome.sent());
                if (callback != null) {
                    callback.done(random.nextBoolean() ? SendOutcome.sent() : SendOutcome.permanent("again"));
                }
            }
        }
    }

    void answer(Shipment shipment, SendOutcome outcome) {
        ExportRequest request = shipment.open;
        Exporter.Callback callback = shipment.callback;
        if (request == null || callback == null) {
            throw new IllegalStateException("answered without a question");
        }
        shipment.open = null;
        shipment.answer = outcome;
        shipment.notBeforeNanos = clock.getAsLong() + outcome.retryDelayNanos();
        if (outcome.kind() != SendOutcome.Kind.RETRYABLE) {
            books.ended(shipment, outcome, givenUp);
        }
        callback.done(outcome);
    }

    private void checkRetry(Shipment shipment, ExportRequest request) {
        if (shipment.open != null) {
            books.fail("retry", shipment.out + ": sent again before the answer");
        } else if (shipment.ended()) {
            books.fail("retry", shipment.out + ": sent again after its end: " + shipment.answer);
        } else if (clock.getAsLong() < shipment.notBeforeNanos && !stopping) {
            books.fail(
                    "retry",
                    shipment.out + ": sent again " + (shipment.notBeforeNanos - clock.getAsLong())
                            + " ns before the backend allowed it");
        }
        if (contentHash(request) != shipment.contentHash) {
            books.fail("content", shipment.out + ": a retry sends other bytes");
        }
    }

    private void checkInFlight(String out) {
        long open =
                all.stream().filter(one -> one.out.equals(out) && !one.ended()).count();
        int limit = books.scenario.outs.get(out).numConsumers();
        if (open > limit && !givenUp) {
            books.fail("bounds", out + ": " + open + " requests under way, num_consumers is " + limit);
        }
    }

    private static long contentHash(ExportRequest request) {
        CRC32C sum = new CRC32C();
        for (int slice = 0; slice < request.sliceCount(); slice++) {
            sum.update(request.slice(slice), 0, request.sliceLength(slice));
        }
        return sum.getValue() << 32 ^ request.lengthBytes();
    }

    private int[] read(String out, ExportRequest request) {
        List<Integer> numbers = new ArrayList<>();
        try {
            for (SimWire.Item item : SimWire.read(request.signal(), request.toByteArray())) {
                numbers.add(books.arrived(out, item));
            }
        } catch (InvalidProtocolBufferException e) {
            books.fail("content", out + ": not readable: " + e.getMessage());
        }
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
