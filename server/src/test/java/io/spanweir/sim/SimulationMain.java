package io.spanweir.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What {@code perf/simulate} runs. */
final class SimulationMain {
    private static final int LAST_STEPS = 40;
    private static final long PROGRESS_NANOS = 5_000_000_000L;
    /** Kept here: a logger that nobody holds on to forgets its level. */
    private static final Logger ENGINE_LOG = Logger.getLogger("io.spanweir");

    private long from = 1;
    private long count = 1000;
    private long minutes;
    private boolean verbose;
    private String bug = "";

    private SimulationMain() {}

    public static void main(String[] args) throws Exception {
        SimulationMain main = new SimulationMain();
        if (!main.read(args)) {
            System.err.println(
                    "usage: perf/simulate [--seeds N] [--from SEED] [--minutes M] [--seed SEED] [--verbose] [--bug NAME]");
            System.exit(2);
        }
        System.exit(main.run() ? 0 : 1);
    }

    private boolean read(String[] args) {
        for (int i = 0; i < args.length; i++) {
            boolean last = i + 1 == args.length;
            switch (args[i]) {
                case "--verbose" -> verbose = true;
                case "--bug" -> bug = last ? "" : args[++i];
                case "--seeds" -> count = last ? 0 : Long.parseLong(args[++i]);
                case "--from" -> from = last ? 0 : Long.parseLong(args[++i]);
                case "--minutes" -> {
                    minutes = last ? 0 : Long.parseLong(args[++i]);
                    count = Long.MAX_VALUE;
                }
                case "--seed" -> {
                    from = last ? 0 : Long.parseLong(args[++i]);
                    count = 1;
                }
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean run() throws ReflectiveOperationException {
        ENGINE_LOG.setLevel(verbose ? Level.SEVERE : Level.OFF);
        if (!bug.isEmpty()) {
            return bug.equals("all") ? searchAll() : search(PlantedBug.of(bug));
        }
        long began = System.nanoTime();
        long said = began;
        Map<String, Long> reached = new TreeMap<>();
        for (long done = 0; done < count; done++) {
            long seed = from + done;
            @Nullable
            Violation violation = verbose
                    ? Simulation.violationOf(seed, System.out::println)
                    : Simulation.violationOf(seed, step -> {}, reached);
            if (violation != null) {
                report(seed, violation);
                return false;
            }
            long now = System.nanoTime();
            if (now - said > PROGRESS_NANOS) {
                said = now;
                progress(done + 1, now - began);
            }
            if (minutes > 0 && now - began > minutes * 60_000_000_000L) {
                progress(done + 1, now - began);
                break;
            }
        }
        if (minutes == 0) {
            progress(count, System.nanoTime() - began);
        }
        reached.forEach((what, runs) -> System.out.println("reached in " + runs + " runs: " + what));
        return true;
    }

    private boolean searchAll() throws ReflectiveOperationException {
        boolean all = true;
        for (PlantedBug one : PlantedBug.values()) {
            all &= search(one);
        }
        return all;
    }

    /** A bug that is found is what should be. */
    private boolean search(PlantedBug planted) throws ReflectiveOperationException {
        long began = System.nanoTime();
        BugLoader.Found found = new BugLoader(planted).search(from, count, verbose ? System.out::println : step -> {});
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (found == null) {
            System.out.println(planted.word() + ": not found in " + count + " seeds, " + millis + " ms");
            return false;
        }
        if (verbose) {
            found.violation().printStackTrace(System.out);
        }
        String message = found.message().replace('\n', ' ');
        System.out.println(planted.word() + ": seed " + found.seed() + " (" + millis + " ms): "
                + message.substring(0, Math.min(160, message.length())));
        return true;
    }

    private void progress(long done, long nanos) {
        System.out.printf(
                Locale.ROOT, "%d seeds from %d hold, %.0f seeds/s%n", done, from, done / Math.max(1e-3, nanos * 1e-9));
    }

    private void report(long seed, Violation violation) {
        if (!verbose) {
            Deque<String> steps = new ArrayDeque<>();
            Simulation.violationOf(seed, step -> {
                steps.add(step);
                if (steps.size() > LAST_STEPS) {
                    steps.remove();
                }
            });
            steps.forEach(System.out::println);
        }
        violation.printStackTrace(System.out);
        System.out.println("seed " + seed + " breaks: " + violation.getMessage());
        System.out.println(
                "repeat: perf/simulate --seed " + seed + " --verbose" + (bug.isEmpty() ? "" : " --bug " + bug));
    }
}
