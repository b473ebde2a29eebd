package io.spanweir.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.spanweir.testkit.Golden;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void theTableIsAsReviewed() {
        Golden.verify("compare/table.txt", new TableReport(Examples.report()).text());
    }

    @Test
    void theJsonIsAsReviewedAndParses() throws Exception {
        String json = JsonReport.text(Examples.report());
        Golden.verify("compare/report.json", json);
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                parser.skipChildren();
            }
        }
    }

    @Test
    void theChartIsAsReviewedAndWellFormed() throws Exception {
        String svg = new SvgChart(Examples.report(), 200).text();
        Golden.verify("compare/chart.svg", svg);
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                        .getElementsByTagName("rect")
                        .getLength())
                .isEqualTo(5);
    }

    @Test
    void ratiosComeFromMediansOfRounds() {
        List<Measurement> medians = Examples.report().medians();
        assertThat(medians).hasSize(6);
        assertThat(Report.cpuRatio(medians.get(1), medians))
                .hasValueSatisfying(ratio -> assertThat(ratio).isEqualTo(4_600.0 / 820));
        assertThat(Report.cpuRatio(medians.get(0), medians)).isEmpty();
    }

    @Test
    void aSpanThatDidNotArriveIsSeenWhereAllMustArrive() {
        assertThat(Examples.measurement(CompareCase.HTTP, Engine.COLLECTOR, 1, 1, 999)
                        .lossy())
                .isTrue();
        assertThat(Examples.measurement(CompareCase.HTTP, Engine.COLLECTOR, 1, 1, 1_000)
                        .lossy())
                .isFalse();
        assertThat(Examples.measurement(CompareCase.TAIL, Engine.COLLECTOR, 1, 1, 31)
                        .lossy())
                .isFalse();
    }
}
