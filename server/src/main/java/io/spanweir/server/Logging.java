package io.spanweir.server;

import io.spanweir.graph.TelemetryConfig;
import io.spanweir.graph.TelemetryConfig.LogEncoding;
import io.spanweir.graph.TelemetryConfig.LogLevel;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends all logs to one stream in one line each. The JVM has one log manager, so only the program itself may call this. */
final class Logging {
    /** Chatty below this level; held here because java.util.logging forgets the level of a logger nobody holds. */
    private static final List<Logger> LIBRARIES =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.opentelemetry"));

    /** Warns with a stack trace of what peers do wrong, as often as they like; what matters of it we say in our own words. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private Logging() {}

    /** As {@code service.telemetry.logs} says. */
    static void configure(TelemetryConfig telemetry, PrintStream out) {
        configure(telemetry.logLevel(), telemetry.logEncoding(), out);
    }

    static void configure(LogLevel level, LogEncoding encoding, PrintStream out) {
        LogManager.getLogManager().reset();
        Level lowest = switch (level) {
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
        };
        Logger root = Logger.getLogger("");
        root.setLevel(lowest);
        root.addHandler(new LineHandler(new LineFormatter(encoding), out));
        Level lowestOfLibraries = lowest.intValue() > Level.WARNING.intValue() ? lowest : Level.WARNING;
        for (Logger library : LIBRARIES) {
            library.setLevel(level == LogLevel.DEBUG ? Level.INFO : lowestOfLibraries);
        }
        GRPC.setLevel(level == LogLevel.DEBUG ? Level.INFO : Level.SEVERE);
    }

    private static final class LineHandler extends Handler {
        private final PrintStream out;

        LineHandler(Formatter formatter, PrintStream out) {
            this.out = out;
            setFormatter(formatter);
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                out.print(getFormatter().format(record));
                out.flush();
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
