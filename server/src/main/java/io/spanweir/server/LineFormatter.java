package io.spanweir.server;

import io.spanweir.graph.TelemetryConfig.LogEncoding;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One event, one line. Console: {@code 2026-11-24T12:00:00.000Z INFO  io.spanweir.Spanweir  Ready. version=0.1.0}, a stack trace
 * below it, indented. JSON: an object with {@code ts}, {@code level}, {@code logger}, {@code msg}, {@code stacktrace}.
 */
final class LineFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final LogEncoding encoding;

    LineFormatter(LogEncoding encoding) {
        this.encoding = encoding;
    }

    @Override
    public String format(LogRecord record) {
        String time = TIME.format(record.getInstant());
        String message = formatMessage(record);
        String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
        return switch (encoding) {
            case CONSOLE ->
                time + " " + padded(level(record)) + " " + logger + "  " + oneLine(message) + "\n"
                        + indented(trace(record));
            case JSON -> {
                String trace = trace(record);
                yield "{\"ts\":" + Json.text(time) + ",\"level\":"
                        + Json.text(level(record).toLowerCase(java.util.Locale.ROOT))
                        + ",\"logger\":" + Json.text(logger) + ",\"msg\":" + Json.text(message)
                        + (trace.isEmpty() ? "" : ",\"stacktrace\":" + Json.text(trace)) + "}\n";
            }
        };
    }

    private static String level(LogRecord record) {
        int value = record.getLevel().intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String padded(String level) {
        return level.length() == "INFO".length() ? level + " " : level;
    }

    /** A message may hold what a peer sent; it must not begin a line of its own. */
    private static String oneLine(String message) {
        return message.replace("\r", "\\r").replace("\n", "\\n");
    }

    private static String trace(LogRecord record) {
        if (record.getThrown() == null) {
            return "";
        }
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static String indented(String trace) {
        return trace.isEmpty() ? "" : trace.indent(4);
    }
}
