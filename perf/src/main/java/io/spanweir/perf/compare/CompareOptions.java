package io.spanweir.perf.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param spans of a request
 * @param seconds that are measured after the warm-up
 * @param warmUpSeconds at full speed, before that
 * @param firstMinuteSeconds of a fresh process at the rate of a paced case
 * @param settleSeconds of a paced case at its rate, between warm-up and measurement
 * @param memory of Spanweir's data ({@code engine.memory}); empty: fit for the work
 * @param jvmOptions heap and collector of Spanweir's JVM; empty: fit for the work
 */
record CompareOptions(
        List<CompareCase> cases,
        List<Engine> engines,
        List<Integer> spans,
        int seconds,
        int warmUpSeconds,
        int firstMinuteSeconds,
        int settleSeconds,
        int rounds,
        int connections,
        int calls,
        int gzipLevel,
        String memory,
        String jvmOptions,
        @Nullable Path json,
        @Nullable Path svg) {

    static final String USAGE = """
            perf/compare [OPTIONS]     OTELCOL=binary and DFE=binary name peers; see perf/peers/README.md

              --quick                one or two minutes to see that everything works; figures mean little
              --cases LIST           %s (default: all)
              --engines LIST         spanweir, otelcol, dfe (default: Spanweir and the peers that are named)
              --spans LIST           of a request (default: 200)
              --rounds N             interleaved; figures are their medians (default: 3)
              --seconds N            measured after the warm-up (default: 15)
              --warm-up N            seconds at full speed; with a fresh process, and shown apart (default: 30)
              --first-minute N       seconds of a fresh process at its rate, shown apart; paced cases (default: 60)
              --settle N             seconds at its rate between warm-up and measurement; paced cases (default: 12)
              --connections N        of gRPC; HTTP/1.1 has one for each call (default: 2)
              --calls N              under way at once on each (default: 4; paced: 32)
              --gzip-level N         1 to 9, on both sides (default: 1)
              --memory SIZE          engine.memory of Spanweir (default: 512MiB; tail sampling 40%%, at a rate 1GiB)
              --jvm-options TEXT     heap and collector of Spanweir
                                     (default: those of the launcher for two cores, and -Xmx1g;
                                     tail sampling -XX:MaxRAMPercentage=60, at a rate -Xmx2g)
              --json FILE            all figures of all rounds, and medians
              --svg FILE             a chart of the medians for requests of 200 spans (or the first size)

            SPANWEIR_JAVA names the java that runs Spanweir. ENGINE_CORE (0) and LOAD_CORE (1) are the cores.
            """.formatted(CompareCase.ids());

    /** What is wrong with a command line. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** @param environment for the default of {@code --engines} */
    static CompareOptions parse(List<String> arguments, Map<String, String> environment) throws UsageException {
        Parser parser = new Parser();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            parser.take(rest.next(), rest);
        }
        return parser.options(environment);
    }

    /** Runs of a process, and seconds that they take in all. */
    long runCount() {
        long count = 0;
        for (CompareCase one : cases) {
            count += engines.stream().filter(one.work()::possible).count();
        }
        return count * spans.size() * rounds;
    }

    long estimateSeconds() {
        long total = 0;
        for (CompareCase one : cases) {
            long engineCount = engines.stream().filter(one.work()::possible).count();
            long around = 4;
            long paced = one.paced() ? firstMinuteSeconds + settleSeconds : 0;
            total += engineCount * (around + paced + warmUpSeconds + seconds);
        }
        return total * spans.size() * rounds;
    }

    private static final class Parser {
        private List<CompareCase> cases = List.of(CompareCase.values());
        private List<Engine> engines = List.of();
        private List<Integer> spans = List.of(200);
        private int seconds = 15;
        private int warmUpSeconds = 30;
        private int firstMinuteSeconds = 60;
        private int settleSeconds = WorkConfig.DECISION_WAIT_SECONDS + 2;
        private int rounds = 3;
        private int connections = 2;
        private int calls;
        private int gzipLevel = 1;
        private String memory = "";
        private String jvmOptions = "";
        private @Nullable Path json;
        private @Nullable Path svg;

        void take(String argument, Iterator<String> rest) throws UsageException {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("--quick")) {
                quick();
                return;
            }
            if (!USAGE.contains("  " + name + " ") || !name.startsWith("--")) {
                throw new UsageException("\"" + argument + "\" is no option; perf/compare --help lists them");
            }
            if (equals < 0 && !rest.hasNext()) {
                throw new UsageException(name + " needs a value");
            }
            set(name, equals < 0 ? rest.next() : argument.substring(equals + 1));
        }

        private void set(String name, String value) throws UsageException {
            switch (name) {
                case "--cases" -> cases = list(name, value, CompareCase.values(), CompareCase::id);
                case "--engines" -> engines = list(name, value, Engine.values(), Engine::id);
                case "--spans" -> spans = numbers(name, value);
                case "--rounds" -> rounds = number(name, value, 1, 100);
                case "--seconds" -> seconds = number(name, value, 1, 3600);
                case "--warm-up" -> warmUpSeconds = number(name, value, 1, 3600);
                case "--first-minute" -> firstMinuteSeconds = number(name, value, 1, 3600);
                case "--settle" -> settleSeconds = number(name, value, 1, 3600);
                case "--connections" -> connections = number(name, value, 1, 100);
                case "--calls" -> calls = number(name, value, 1, 1000);
                case "--gzip-level" -> gzipLevel = number(name, value, 1, 9);
                case "--memory" -> memory = value;
                case "--jvm-options" -> jvmOptions = value;
                case "--json" -> json = Path.of(value);
                case "--svg" -> svg = Path.of(value);
                default -> throw new UsageException("\"" + name + "\" is no option");
            }
        }

        private void quick() {
            cases = List.of(
                    CompareCase.DISCARD,
                    CompareCase.GRPC,
                    CompareCase.HTTP_GZIP,
                    CompareCase.RENAME,
                    CompareCase.TAIL_20K);
            rounds = 1;
            seconds = 3;
            warmUpSeconds = 3;
            firstMinuteSeconds = 4;
            settleSeconds = 2;
        }

        CompareOptions options(Map<String, String> environment) throws UsageException {
            List<Engine> chosen = engines;
            if (chosen.isEmpty()) {
                chosen = new ArrayList<>(List.of(Engine.SPANWEIR));
                if (!environment.getOrDefault("OTELCOL", "").isEmpty()) {
                    chosen.add(Engine.COLLECTOR);
                }
                if (!environment.getOrDefault("DFE", "").isEmpty()) {
                    chosen.add(Engine.DATAFLOW);
                }
            }
            for (Engine engine : chosen) {
                String variable = engine == Engine.COLLECTOR ? "OTELCOL" : "DFE";
                if (engine != Engine.SPANWEIR
                        && environment.getOrDefault(variable, "").isEmpty()) {
                    throw new UsageException(
                            "--engines " + engine.id() + " needs " + variable + "=BINARY; see perf/peers/README.md");
                }
            }
            return new CompareOptions(
                    cases,
                    List.copyOf(chosen),
                    spans,
                    seconds,
                    warmUpSeconds,
                    firstMinuteSeconds,
                    settleSeconds,
                    rounds,
                    connections,
                    calls,
                    gzipLevel,
                    memory,
                    jvmOptions,
                    json,
                    svg);
        }

        private static <T> List<T> list(String name, String value, T[] known, Function<T, String> id)
                throws UsageException {
            List<T> found = new ArrayList<>();
            for (String word : value.split(",", -1)) {
                found.add(Arrays.stream(known)
                        .filter(one -> id.apply(one).equals(word.strip()))
                        .findFirst()
                        .orElseThrow(() -> new UsageException(name + ": \"" + word.strip() + "\" is none of "
                                + Arrays.stream(known).map(id).collect(Collectors.joining(", ")))));
            }
            return List.copyOf(found);
        }

        private static List<Integer> numbers(String name, String value) throws UsageException {
            List<Integer> numbers = new ArrayList<>();
            for (String word : value.split(",", -1)) {
                numbers.add(number(name, word.strip(), 1, 5_000));
            }
            return List.copyOf(numbers);
        }

        private static int number(String name, String value, int least, int most) throws UsageException {
            try {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new UsageException(name + ": \"" + value + "\" is not a number");
            }
            throw new UsageException(name + ": " + value + " is not between " + least + " and " + most);
        }
    }
}
