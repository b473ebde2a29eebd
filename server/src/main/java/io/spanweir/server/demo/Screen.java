package io.spanweir.server.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows the figures while the demo runs: one block that is drawn over on a terminal, else a line now and then. One thread. */
final class Screen {
    private static final String ESCAPE = "\u001b[";
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String BOLD = "1";
    private static final String FAINT = "2";

    private final PrintWriter out;
    private final boolean terminal;
    private final boolean color;
    private int drawnLines;

    Screen(PrintWriter out, boolean terminal, boolean color) {
        this.out = out;
        this.terminal = terminal;
        this.color = color;
    }

    boolean terminal() {
        return terminal;
    }

    void println(String line) {
        out.println(line);
        out.flush();
    }

    /** The state after so many milliseconds. */
    void show(long millis, Figures now, long backendSpans) {
        if (terminal) {
            draw(block(millis, now, backendSpans));
        } else {
            println(line(millis, now));
        }
    }

    private void draw(List<String> lines) {
        if (drawnLines > 0) {
            out.print(ESCAPE + drawnLines + "A");
        }
        for (String line : lines) {
            out.print("\r" + ESCAPE + "K");
            out.println(line);
        }
        drawnLines = lines.size();
        out.flush();
    }

    private List<String> block(long millis, Figures now, long backendSpans) {
        List<String> lines = new ArrayList<>();
        lines.add(faint(String.format(Locale.ROOT, "%5.1f s", millis / 1000.0)) + bold("          traces       spans"));
        lines.add(row("received", now.receivedTraces(), now.receivedSpans()));
        lines.add(row("waiting", now.receivedTraces() - now.keptTraces() - now.droppedTraces(), now.heldSpans()));
        lines.add(colored(GREEN, row("kept", now.keptTraces(), now.keptSpans())));
        for (Map.Entry<String, Long> policy : now.keptTracesByPolicy().entrySet()) {
            lines.add(String.format(Locale.ROOT, "    %-24s %,6d", policy.getKey(), policy.getValue()));
        }
        lines.add(row("dropped by policy", now.droppedTraces(), now.droppedSpans()));
        lines.add(faint(
                String.format(Locale.ROOT, "at the backend %28s", String.format(Locale.ROOT, "%,d", backendSpans))));
        return lines;
    }

    private static String row(String name, long traces, long spans) {
        return String.format(Locale.ROOT, "%-18s %,12d %,11d", name, traces, spans);
    }

    private static String line(long millis, Figures now) {
        StringBuilder kept = new StringBuilder();
        now.keptTracesByPolicy()
                .forEach((policy, count) -> kept.append(kept.isEmpty() ? "" : ", ")
                        .append(policy)
                        .append(' ')
                        .append(count));
        return String.format(
                Locale.ROOT,
                "%4d s  received %,d traces, %,d spans; kept %,d traces (%s); dropped %,d traces; %,d spans wait",
                Math.round(millis / 1000.0),
                now.receivedTraces(),
                now.receivedSpans(),
                now.keptTraces(),
                kept,
                now.droppedTraces(),
                now.heldSpans());
    }

    String bold(String text) {
        return colored(BOLD, text);
    }

    String faint(String text) {
        return colored(FAINT, text);
    }

    String good(String text) {
        return colored(GREEN, text);
    }

    String bad(String text) {
        return colored(RED, text);
    }

    private String colored(String code, String text) {
        return color ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }
}
