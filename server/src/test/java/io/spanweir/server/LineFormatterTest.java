package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.graph.TelemetryConfig.LogEncoding;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatterTest {
    private static LogRecord event(Level level, String message) {
        LogRecord event = new LogRecord(level, message);
        event.setLoggerName("io.spanweir.Spanweir");
        event.setInstant(Instant.parse("2026-11-24T12:00:00.000999Z"));
        return event;
    }

    @ParameterizedTest
    @CsvSource({"SEVERE,ERROR", "WARNING,WARN ", "INFO,INFO ", "CONFIG,DEBUG", "FINE,DEBUG"})
    void consoleLineHasTimeLevelLoggerAndMessage(String level, String shown) {
        assertThat(new LineFormatter(LogEncoding.CONSOLE).format(event(Level.parse(level), "Starting. lanes=1")))
                .isEqualTo("2026-11-24T12:00:00.000Z " + (shown.length() == 4 ? shown + " " : shown)
                        + " io.spanweir.Spanweir  Starting. lanes=1\n");
    }

    @Test
    void messageOfAPeerCannotBeginALineOfItsOwn() {
        assertThat(new LineFormatter(LogEncoding.CONSOLE).format(event(Level.INFO, "said\r\nERROR forged")))
                .isEqualTo("2026-11-24T12:00:00.000Z INFO  io.spanweir.Spanweir  said\\r\\nERROR forged\n");
    }

    @Test
    void stackTraceFollowsIndented() {
        LogRecord event = event(Level.SEVERE, "Failed.");
        event.setThrown(new IllegalStateException("why"));
        assertThat(new LineFormatter(LogEncoding.CONSOLE).format(event).lines())
                .element(1)
                .isEqualTo("    java.lang.IllegalStateException: why");
    }

    @Test
    void jsonIsOneObjectALine() {
        LogRecord event = event(Level.WARNING, "said \"no\"\nand\u0001 left");
        assertThat(new LineFormatter(LogEncoding.JSON).format(event))
                .isEqualTo(
                        "{\"ts\":\"2026-11-24T12:00:00.000Z\",\"level\":\"warn\",\"logger\":\"io.spanweir.Spanweir\","
                                + "\"msg\":\"said \\\"no\\\"\\nand\\u0001 left\"}\n");
    }

    @Test
    void jsonHoldsTheStackTrace() {
        LogRecord event = event(Level.SEVERE, "Failed.");
        event.setThrown(new IllegalStateException("why"));
        assertThat(new LineFormatter(LogEncoding.JSON).format(event))
                .contains("\"stacktrace\":\"java.lang.IllegalStateException: why\\n\\tat ")
                .hasLineCount(1);
    }
}
