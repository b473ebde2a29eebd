package io.spanweir.sim;

import io.spanweir.ManualSpanweir;
import io.spanweir.StartException;
import io.spanweir.component.Intake;
import io.spanweir.connector.forward.ForwardConnectorFactory;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.graph.Components;
import io.spanweir.memory.TransitRegion;
import io.spanweir.processor.attributes.AttributesProcessorFactory;
import io.spanweir.processor.batch.BatchProcessorFactory;
import io.spanweir.processor.memorylimiter.MemoryLimiterProcessorFactory;
import io.spanweir.processor.resource.ResourceProcessorFactory;
import io.spanweir.processor.tailsampling.TailSamplingProcessorFactory;
import io.spanweir.sim.SimBackend.Mood;
import io.spanweir.testengine.TestEngine;
import io.spanweir.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a drawn engine in which everything that may interleave does so by one seed: clients that send, are torn off, are
 * refused and try again; turns of lanes; tasks of exporters; answers of backends in every mood; time; the end. The engine meets
 * it through the seams that it has: clock, chance, stepper of lanes, runner and wire of exporters, disk, intake of receivers.
 *
 * <p>What must hold is in {@link Books} where it can be seen as it happens, and in {@link Audit} for what is true when nothing
 * moves and at the end.
 */
final class Simulation {
    private static final int STEPS = 220;
    /** Longer than any wait of a scenario: decision, batch, back-off, throttling, one after the other through all lines. */
    private static final Duration CALM = Duration.ofSeconds(25);

    private static final Duration CALM_STEP = Duration.ofMillis(120);
    private static final Duration BUSY_STEP = Duration.ofMillis(20);
    /** What a lane may be late while it is busy: some of its turns. */
    private static final Duration BUSY_LATE = BUSY_STEP.multipliedBy(5);

    private final long seed;
    private final Consumer<String> trace;
    private final SplittableRandom random;
    private final Scenario scenario;
    private final SimTraffic traffic;
    private final ManualClock clock = new ManualClock();
    private final Books books;
    private final SimBackend backend;
    private final SimFiles files;
    private final SimIn in;
    private final ManualSpanweir engine;
    private final Audit audit;
    private final boolean[] busy;
    private int step;

    /** @param trace told of every step, in words */
    Simulation(long seed, Consumer<String> trace) throws StartException {
        this.seed = seed;
        this.trace = trace;
        random = new SplittableRandom(seed);
        scenario = new Scenario(random);
        traffic = new SimTraffic(scenario);
        books = new Books(scenario, traffic, clock::nanos);
        backend = new SimBackend(random, books, clock::nanos);
        files = new SimFiles(random, scenario, books, backend);
        in = new SimIn(scenario.intakes, scenario.signals, this::finishDoors);
        Components components = Components.of(
                in,
                backend,
                files,
                SimProcessors.tap(books::passed),
                SimProcessors.mark(),
                new AttributesProcessorFactory(),
                new ResourceProcessorFactory(),
                new MemoryLimiterProcessorFactory(),
                new BatchProcessorFactory(),
                new TailSamplingProcessorFactory(),
                new ForwardConnectorFactory());
        trace.accept("seed " + seed + ", " + scenario.plan.describe() + ", doors " + scenario.intakes + "\n"
                + scenario.yaml);
        engine = new ManualSpanweir(
                TestEngine.topology(scenario.yaml, components),
                scenario.lanes,
                scenario.memoryBytes,
                random.nextLong(),
                clock,
                files.disk);
        audit = new Audit(scenario, books, backend, engine);
        busy = new boolean[scenario.lanes];
        Arrays.fill(busy, true);
    }

    /** Runs it. @throws Violation when an invariant does not hold */
    void run() {
        int calmAt = random.nextInt(3) == 0 ? random.nextInt(STEPS) : -1;
        int busyAt = random.nextInt(12) == 0 ? random.nextInt(STEPS) : -1;
        int end = random.nextInt(6) == 0 ? random.nextInt(STEPS) : STEPS;
        if (scenario.stubborn) {
            scenario.outs.keySet().forEach(out -> backend.mood(out, Mood.ANSWERS_LATER));
        }
        for (step = 0; step < end; step++) {
            step();
            books.throwIfBroken();
            if (step == calmAt) {
                calm();
            }
            if (step == busyAt) {
                busy();
            }
        }
        if (random.nextInt(2) == 0) {
            calm();
        }
        stop();
        files.check();
        audit.afterwards();
        books.throwIfBroken();
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6 -> receive();
            case 7, 8, 9, 10, 11, 12 -> turn(random.nextInt(scenario.lanes));
            case 13, 14, 15, 16 -> say("exporter's task: " + engine.runExport());
            case 17 -> wait(random.nextInt(300));
            case 18 -> {
                traffic.lateOnesCome();
                wait(random.nextInt(8) == 0 ? 20_000 : random.nextInt(1500));
            }
            case 19 -> settle();
            case 20, 21 -> {
                if (!scenario.stubborn || random.nextInt(10) == 0) {
                    say("a backend answers, of " + backend.unansweredCount());
                    backend.answerOne();
                }
            }
            case 22 -> {
                if (!scenario.stubborn) {
                    say("all backends recover");
                    recover();
                }
            }
            default -> changeMood();
        }
    }

    private void say(String what) {
        trace.accept(step + " @" + clock.nanos() / 1_000_000 + "ms " + what);
    }

    private void wait(int millis) {
        say("time passes: " + millis + " ms");
        clock.advance(Duration.ofMillis(millis));
    }

    private void turn(int lane) {
        int done = engine.turn(lane);
        busy[lane] = done > 0;
        say("lane " + lane + " turns: " + done);
    }

    private void settle() {
        engine.settle();
        say("everybody works until nothing is left at this instant");
        Arrays.fill(busy, false);
        audit.settled(openRegions());
        files.check();
        books.throwIfBroken();
    }

    private void changeMood() {
        List<String> outs = new ArrayList<>(scenario.outs.keySet());
        String out = outs.get(random.nextInt(outs.size()));
        if (scenario.files.containsKey(out)) {
            say(files.changeDisk());
            return;
        }
        Mood mood = Mood.values()[random.nextInt(Mood.values().length)];
        say(out + " " + mood);
        backend.mood(out, mood);
    }

    private void recover() {
        files.recover();
        backend.recover();
    }

    private void receive() {
        SimIn.Door door = in.doors.get(random.nextInt(in.doors.size()));
        if (door.region != null) {
            if (random.nextInt(8) == 0) {
                say("a client goes away in the middle of its request");
                abandon(door);
            } else {
                publish(door);
            }
            return;
        }
        read(door, traffic.next(door.signal));
        if (door.region != null && random.nextInt(3) != 0) {
            publish(door);
        }
    }

    private void read(SimIn.Door door, SimTraffic.Request request) {
        String full = audit.fullQueue(door.signal);
        TransitRegion region = door.intake.reserve(request.message().length);
        if (region != null && !full.isEmpty()) {
            books.fail("bounds", "a request is let in although the queue of " + full + " is full");
        }
        if (region == null) {
            say("request " + request.number() + " refused: " + door.intake.refusal());
            audit.refused(0);
            again(request);
            return;
        }
        System.arraycopy(request.message(), 0, region.bytes(), region.offset(), request.message().length);
        door.region = region;
        door.request = request;
    }

    private void again(SimTraffic.Request request) {
        if (!request.broken()) {
            traffic.again(request); // a broken one has given its spans back already
        }
    }

    private void publish(SimIn.Door door) {
        TransitRegion region = door.region;
        SimTraffic.Request request = door.request;
        if (region == null || request == null) {
            return;
        }
        door.region = null;
        door.request = null;
        Books.Pledge pledge = door.intake.waitsForResult() && !request.broken() ? books.pledge(request) : null;
        Settlement settlement = pledge == null ? null : new Settlement((failure, retryable) -> pledge.settled(failure));
        Intake.Admission admission =
                door.intake.publish(region, request.message().length, ClientMetadata.EMPTY, settlement);
        say("request " + request.number() + ", " + request.items().size() + " "
                + request.signal().items() + ", " + request.message().length + " bytes: " + admission);
        if (pledge != null && admission != Intake.Admission.ACCEPTED) {
            books.takeBack(pledge);
        }
        conclude(door, request, admission);
    }

    private void conclude(SimIn.Door door, SimTraffic.Request request, Intake.Admission admission) {
        switch (admission) {
            case ACCEPTED -> {
                if (request.broken()) {
                    books.fail("malformed", "a request without its last byte was taken");
                }
                books.acknowledge(request);
            }
            case REFUSED -> {
                audit.refused(door.intake.itemCount());
                again(request);
            }
            case MALFORMED -> {
                audit.malformed();
                if (!request.broken()) {
                    books.fail("malformed", "request " + request.number() + ": " + door.intake.problem());
                }
            }
        }
    }

    private void abandon(SimIn.Door door) {
        TransitRegion region = door.region;
        if (region != null) {
            door.intake.abandon(region);
        }
        if (door.request != null) {
            again(door.request);
        }
        door.region = null;
        door.request = null;
    }

    private int openRegions() {
        return (int) in.doors.stream().filter(door -> door.region != null).count();
    }

    private void finishDoors() {
        in.doors.forEach(this::publish);
    }

    /** Requests come for longer than any decision waits, so many that lanes find entries in nearly every turn. */
    private void busy() {
        say("no lane has a pause");
        long end = clock.nanos() + scenario.waitNanosMax() + 2 * BUSY_LATE.toNanos();
        while (clock.nanos() < end) {
            for (int request = 0; request < 2 * scenario.lanes; request++) {
                receive();
            }
            for (int lane = 0; lane < scenario.lanes; lane++) {
                turn(lane);
            }
            engine.runExport();
            clock.advance(BUSY_STEP);
        }
        audit.decidedInTime(BUSY_LATE);
        books.throwIfBroken();
    }

    /** Backends are well, and time passes: everything has to come to its end by itself, with lanes that sleep as they do. */
    private void calm() {
        say("calm");
        in.doors.forEach(this::abandon);
        recover();
        for (long nanos = 0; nanos < CALM.toNanos(); nanos += CALM_STEP.toNanos()) {
            workWhileAwake();
            clock.advance(CALM_STEP);
        }
        workWhileAwake();
        audit.calm();
        books.throwIfBroken();
        checkThatItReceivesAgain();
    }

    private void workWhileAwake() {
        boolean any = true;
        while (any) {
            any = false;
            for (int lane = 0; lane < scenario.lanes; lane++) {
                if (busy[lane] || engine.awake(lane)) {
                    busy[lane] = engine.turn(lane) > 0;
                    any |= busy[lane];
                }
            }
            while (engine.runExport()) {
                any = true;
            }
        }
    }

    private void checkThatItReceivesAgain() {
        for (SimIn.Door door : in.doors) {
            TransitRegion region = door.intake.reserve(64);
            if (region == null) {
                throw new Violation("liveness", "idle, and refuses: " + door.intake.refusal());
            }
            door.intake.abandon(region);
        }
    }

    private void stop() {
        say("stop");
        boolean healthy = random.nextInt(3) != 0;
        if (healthy) {
            recover();
        } else if (random.nextBoolean()) {
            scenario.outs.keySet().forEach(out -> backend.mood(out, Mood.ANSWERS_LATER));
        }
        makeRoomInRing();
        backend.stopping = true;
        engine.beginDrain();
        checkThatItRefuses();
        boolean patient = healthy && random.nextInt(4) != 0;
        for (int i = patient ? 100 : random.nextInt(4); i > 0 && !engine.drained(); i--) {
            engine.advance(Duration.ofMillis(250), Duration.ofMillis(50));
            books.throwIfBroken();
        }
        if (!engine.drained()) {
            if (patient) {
                throw new Violation(
                        "liveness", "does not drain although all backends take everything: " + audit.left());
            }
            say("the deadline has come");
            makeRoomInRing();
            engine.giveUp();
            backend.givenUp = true;
        }
        recover();
        engine.settle();
        audit.stopped();
        books.throwIfBroken();
        engine.close();
    }

    private void makeRoomInRing() {
        for (int round = 0; round < 64; round++) {
            for (int lane = 0; lane < scenario.lanes; lane++) {
                engine.turn(lane);
            }
        }
    }

    private void checkThatItRefuses() {
        for (SimIn.Door door : in.doors) {
            if (door.intake.reserve(64) != null) {
                throw new Violation("acknowledgement", "takes a request while it stops");
            }
            audit.refused(0);
        }
    }

    /** Runs one seed. Returns the violation, or null. */
    static @Nullable Violation violationOf(long seed, Consumer<String> trace) {
        return violationOf(seed, trace, new HashMap<>());
    }

    /** @param reached in how many runs each rare thing happened; this one is added */
    static @Nullable Violation violationOf(long seed, Consumer<String> trace, Map<String, Long> reached) {
        try {
            Simulation simulation = new Simulation(seed, trace);
            simulation.run();
            simulation.audit.reached(reached);
            if (simulation.files.rotated()) {
                reached.merge("files put away", 1L, Long::sum);
            }
            return null;
        } catch (Violation e) {
            return e;
        } catch (StartException | RuntimeException | AssertionError e) {
            Violation thrown = new Violation("nothing is thrown", e.toString());
            thrown.initCause(e);
            return thrown;
        }
    }

    @Override
    public String toString() {
        return "simulation of seed " + seed;
    }
}
