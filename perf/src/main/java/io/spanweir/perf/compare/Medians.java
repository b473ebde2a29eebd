package io.spanweir.perf.compare;

import io.spanweir.perf.load.Cpu;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Medians of interleaved rounds. */
final class Medians {
    private Medians() {}

    /** One measurement, of round 0, for each case, size and engine; in the order of the first round. */
    static List<Measurement> of(List<Measurement> measurements) {
        Map<List<Object>, List<Measurement>> rounds = new LinkedHashMap<>();
        for (Measurement one : measurements) {
            rounds.computeIfAbsent(
                            List.of(one.what(), one.spansPerRequest(), one.engine()), unused -> new ArrayList<>())
                    .add(one);
        }
        return rounds.values().stream().map(Medians::median).toList();
    }

    private static Measurement median(List<Measurement> rounds) {
        Measurement last = rounds.get(rounds.size() - 1);
        List<Measurement> good =
                rounds.stream().filter(one -> one.warm() != null).toList();
        String problem = rounds.stream()
                .map(Measurement::problem)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (good.isEmpty()) {
            return Measurement.failed(last.what(), last.engine(), last.spansPerRequest(), 0, problem);
        }
        return new Measurement(
                last.what(),
                last.engine(),
                last.spansPerRequest(),
                0,
                problem,
                number(good, Measurement::startMillis),
                number(good, Measurement::idleBytes),
                phase(good, Measurement::first),
                phase(good, Measurement::warm),
                sum(good, Measurement::acceptedSpans),
                sum(good, Measurement::sinkSpans),
                sum(good, Measurement::sinkBytes),
                number(good, Measurement::bytesPerSpan),
                rounds.stream()
                        .map(Measurement::lastRefusal)
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    private static @Nullable Phase phase(List<Measurement> rounds, Function<Measurement, @Nullable Phase> which) {
        List<Phase> phases = rounds.stream().map(which).filter(Objects::nonNull).toList();
        if (phases.isEmpty()) {
            return null;
        }
        return new Phase(
                number(phases, Phase::seconds),
                number(phases, Phase::cpuNanosPerSpan),
                number(phases, Phase::engineCore),
                number(phases, Phase::spansPerSecond),
                number(phases, Phase::latencyP50Nanos),
                number(phases, Phase::latencyP99Nanos),
                number(phases, Phase::latencyP999Nanos),
                number(phases, Phase::latencyMaxNanos),
                sum(phases, Phase::refusedRequests),
                sum(phases, Phase::unsentRequests),
                number(phases, Phase::residentBytes),
                number(phases, Phase::residentBytesMax),
                number(phases, Phase::generatorNanosPerSpan),
                number(phases, Phase::sinkNanosPerSpan),
                number(phases, Phase::loadCoreBusy),
                threads(phases));
    }

    private static Map<String, Double> threads(List<Phase> phases) {
        Map<String, Double> medians = new HashMap<>();
        for (Phase phase : phases) {
            for (String name : phase.cpuNanosPerSpanByThread().keySet()) {
                medians.computeIfAbsent(
                        name,
                        one -> number(
                                phases, any -> any.cpuNanosPerSpanByThread().getOrDefault(one, 0.0)));
            }
        }
        return medians;
    }

    private static <T> double number(List<T> rounds, ToDoubleFunction<T> figure) {
        return Cpu.median(rounds.stream().mapToDouble(figure).toArray());
    }

    private static <T> double sum(List<T> rounds, ToDoubleFunction<T> figure) {
        return rounds.stream().mapToDouble(figure).sum();
    }
}
