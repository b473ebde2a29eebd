package io.spanweir.perf.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart of CPU per span after the warm-up: a group of bars for each case, one bar for each engine, the longest bar of a
 * group as wide as the chart. Readable on light and dark ground.
 */
final class SvgChart {
    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 100;
    private static final int VALUE_WIDTH = 130;
    private static final int BAR_HEIGHT = 16;
    private static final int BAR_STEP = 20;
    private static final int TITLE_STEP = 22;
    private static final int GROUP_GAP = 12;
    private static final int TOP = 34;

    private final List<Measurement> medians;
    private final int spansPerRequest;
    private final StringBuilder svg = new StringBuilder();

    SvgChart(Report report, int spansPerRequest) {
        medians = report.medians();
        this.spansPerRequest = spansPerRequest;
    }

    String text() {
        List<List<Measurement>> groups = groups();
        int height = TOP + GROUP_GAP;
        for (List<Measurement> group : groups) {
            height += TITLE_STEP + group.size() * BAR_STEP + GROUP_GAP;
        }
        add("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
                <title>CPU per span, by case and engine</title>
                <style>
                text { font: 13px system-ui, sans-serif; fill: #24292f; }
                .head { font-weight: 600; }
                .spanweir { fill: #0a7d5a; } .otelcol { fill: #8a6fd1; } .dfe { fill: #c0632b; }
                @media (prefers-color-scheme: dark) {
                text { fill: #d6dbe1; }
                .spanweir { fill: #34c796; } .otelcol { fill: #a993e6; } .dfe { fill: #e08a55; }
                }
                </style>
                <text x="0" y="18" class="head">CPU per span on one core, requests of %3$d spans; each case has its own scale</text>
                """, WIDTH, height, spansPerRequest);
        int y = TOP;
        for (List<Measurement> group : groups) {
            y = group(group, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private int group(List<Measurement> group, int top) {
        int y = top + TITLE_STEP;
        add(
                "<text x=\"0\" y=\"%d\" class=\"head\">%s</text>%n",
                y - 6, group.get(0).what().title());
        double longest = 0;
        for (Measurement one : group) {
            longest = Math.max(longest, nanos(one));
        }
        for (Measurement one : group) {
            double width = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * nanos(one) / longest;
            String ratio = Report.cpuRatio(one, medians)
                    .map(value -> String.format(Locale.ROOT, " (%.2f×)", value))
                    .orElse("");
            add("<text x=\"0\" y=\"%d\">%s</text>", y + 12, one.engine().title());
            add(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
                    one.engine().id(), LABEL_WIDTH, y, width, BAR_HEIGHT);
            add(
                    "<text x=\"%.1f\" y=\"%d\">%.2f µs%s</text>%n",
                    LABEL_WIDTH + width + 6, y + 12, nanos(one) / 1e3, ratio);
            y += BAR_STEP;
        }
        return y + GROUP_GAP;
    }

    private List<List<Measurement>> groups() {
        List<List<Measurement>> groups = new ArrayList<>();
        for (CompareCase what : CompareCase.values()) {
            List<Measurement> group = medians.stream()
                    .filter(one -> one.what() == what && one.spansPerRequest() == spansPerRequest)
                    .filter(one -> one.warm() != null)
                    .toList();
            if (!group.isEmpty()) {
                groups.add(group);
            }
        }
        return groups;
    }

    private static double nanos(Measurement one) {
        Phase warm = one.warm();
        return warm == null ? 0 : warm.cpuNanosPerSpan();
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
