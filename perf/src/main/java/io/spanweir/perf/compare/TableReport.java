package io.spanweir.perf.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The figures as text for people. */
final class TableReport {
    private static final double MIB = 1 << 20;

    private final Report report;
    private final List<Measurement> medians;
    private final StringBuilder text = new StringBuilder();

    TableReport(Report report) {
        this.report = report;
        medians = report.medians();
    }

    String text() {
        text.append("Medians of the rounds; refused, unsent, accepted, arrived: sums of all rounds.\n\n")
                .append(
                        "After warm-up. x: CPU per span of the peer divided by Spanweir's. !: load core over 90 % busy.\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%-30s %5s %-11s %9s %6s %10s %9s %9s %9s %8s %7s%n",
                "case",
                "spans",
                "engine",
                "us/span",
                "x",
                "spans/s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "refused",
                "unsent"));
        medians.forEach(this::warm);
        text.append("\nThe fresh process: at full speed, or at the rate of the case.\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%-30s %5s %-11s %8s %7s %9s %10s %9s %9s %8s%n",
                "case",
                "spans",
                "engine",
                "start ms",
                "s",
                "us/span",
                "spans/s",
                "p50 ms",
                "p99 ms",
                "refused"));
        medians.forEach(this::first);
        text.append(
                        "\nMemory in MiB, of paced cases before full speed has been asked of the process; x: peak by Spanweir's;\n")
                .append("wait: bytes of messages that wait for their decision; x wait: peak above idle by that.\n")
                .append("What arrived at the sink. load, sink: their own CPU per span.\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%-30s %5s %-11s %6s %6s %6s %6s %6s %6s %14s %14s %9s %7s %7s %6s%n",
                "case",
                "spans",
                "engine",
                "idle",
                "peak",
                "x",
                "end",
                "wait",
                "x wait",
                "accepted",
                "arrived",
                "MiB in",
                "load us",
                "sink us",
                "core"));
        medians.forEach(this::memory);
        text.append("\nSpanweir's threads after warm-up, us/span.\n\n");
        medians.forEach(this::threads);
        problems();
        return text.toString();
    }

    /** One run as it ends. */
    static String line(Measurement one) {
        Phase warm = one.warm();
        String begin = String.format(
                Locale.ROOT,
                "round %d %-30s %5d %-11s ",
                one.round(),
                one.what().title(),
                one.spansPerRequest(),
                one.engine().title());
        if (warm == null) {
            return begin + one.problem();
        }
        return begin
                + String.format(
                        Locale.ROOT,
                        "%8.3f us/span %10.0f spans/s  core %.2f  load core %.2f%s%s%s",
                        warm.cpuNanosPerSpan() / 1e3,
                        warm.spansPerSecond(),
                        warm.engineCore(),
                        warm.loadCoreBusy(),
                        warm.loadBound() ? " !" : "",
                        one.lossy() ? "  LOST SPANS" : "",
                        one.problem().isEmpty() ? "" : "  " + one.problem());
    }

    private void warm(Measurement one) {
        Phase phase = one.warm();
        if (phase == null) {
            text.append(begin(one)).append(" no figures, see below\n");
            return;
        }
        text.append(begin(one))
                .append(String.format(
                        Locale.ROOT,
                        " %9.3f %6s %10.0f%s%8.2f %9.2f %9.2f %8.0f %7.0f%n",
                        phase.cpuNanosPerSpan() / 1e3,
                        ratio(Report.cpuRatio(one, medians)),
                        phase.spansPerSecond(),
                        phase.loadBound() ? "! " : "  ",
                        phase.latencyP50Nanos() / 1e6,
                        phase.latencyP99Nanos() / 1e6,
                        phase.latencyP999Nanos() / 1e6,
                        phase.refusedRequests(),
                        phase.unsentRequests()));
    }

    private void first(Measurement one) {
        Phase phase = one.first();
        if (phase == null) {
            return;
        }
        text.append(begin(one))
                .append(String.format(
                        Locale.ROOT,
                        " %8.0f %7.0f %9.3f %10.0f %9.2f %9.2f %8.0f%n",
                        one.startMillis(),
                        phase.seconds(),
                        phase.cpuNanosPerSpan() / 1e3,
                        phase.spansPerSecond(),
                        phase.latencyP50Nanos() / 1e6,
                        phase.latencyP99Nanos() / 1e6,
                        phase.refusedRequests()));
    }

    private void memory(Measurement one) {
        Phase warm = one.warm();
        Phase shown = one.memoryPhase();
        if (warm == null || shown == null) {
            return;
        }
        text.append(begin(one))
                .append(String.format(
                        Locale.ROOT,
                        " %6.0f %6.0f %6s %6.0f %6.0f %6s %14.0f %14.0f %9.0f %7.3f %7.3f %5.0f%%%s%n",
                        one.idleBytes() / MIB,
                        shown.residentBytesMax() / MIB,
                        ratio(Report.memoryRatio(one, medians)),
                        shown.residentBytes() / MIB,
                        one.waitingBytes(shown) / MIB,
                        above(one, shown),
                        one.acceptedSpans(),
                        one.sinkSpans(),
                        one.sinkBytes() / MIB,
                        warm.generatorNanosPerSpan() / 1e3,
                        warm.sinkNanosPerSpan() / 1e3,
                        100 * warm.loadCoreBusy(),
                        one.lossy() ? " LOST" : ""));
    }

    private void threads(Measurement one) {
        Phase warm = one.warm();
        if (one.engine() != Engine.SPANWEIR || warm == null) {
            return;
        }
        text.append(begin(one));
        warm.cpuNanosPerSpanByThread().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread ->
                        text.append(String.format(Locale.ROOT, "  %s %.3f", thread.getKey(), thread.getValue() / 1e3)));
        text.append('\n');
    }

    private static String ratio(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("");
    }

    private static String above(Measurement one, Phase phase) {
        double waiting = one.waitingBytes(phase);
        return waiting == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", (phase.residentBytesMax() - one.idleBytes()) / waiting);
    }

    private void problems() {
        for (Measurement one : report.rounds()) {
            String what = one.problem().isEmpty() && !one.lastRefusal().isEmpty()
                    ? "last refusal: " + one.lastRefusal()
                    : one.problem();
            if (!what.isEmpty()) {
                text.append(String.format(Locale.ROOT, "%nround %d", one.round()))
                        .append(' ')
                        .append(begin(one))
                        .append(": ")
                        .append(what);
            }
        }
        text.append('\n');
    }

    private static String begin(Measurement one) {
        return String.format(
                Locale.ROOT,
                "%-30s %5d %-11s",
                one.what().title(),
                one.spansPerRequest(),
                one.engine().title());
    }
}
