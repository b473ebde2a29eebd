package io.spanweir.server;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks of options that depend on each other. */
final class Sources {
    private Sources() {}

    /** At least one {@code --config}. */
    static void require(CommandLine line, ConfigOptions config) {
        if (config.sources.isEmpty()) {
            throw new ParameterException(line, "Missing option: '--config SOURCE', for example --config config.yaml");
        }
    }

    /** Either {@code --config}, or {@code --otlp-to} with what goes with it. */
    static void require(CommandLine line, RunOptions options) {
        if (options.otlpTo.isEmpty()) {
            String alone = !options.keep.keepsAll()
                    ? "--keep"
                    : options.printOnly
                            ? "--print-only"
                            : options.decisionWait != null
                                    ? "--decision-wait"
                                    : !options.listen.isEmpty() ? "--listen" : "";
            if (!alone.isEmpty()) {
                throw new ParameterException(line, "'" + alone + "' works with '--otlp-to BACKEND' only");
            }
            if (options.config.sources.isEmpty()) {
                throw new ParameterException(
                        line,
                        "Missing option: '--config SOURCE', for example --config config.yaml,"
                                + " or '--otlp-to BACKEND', for example --otlp-to http://tempo:4318");
            }
        } else if (!options.config.sources.isEmpty()) {
            throw new ParameterException(
                    line,
                    "'--otlp-to' makes a configuration of its own; use it or '--config', or print it with"
                            + " '--print-only' and change the file");
        }
    }
}
