package io.spanweir.server;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line are written as in the configuration: {@code 30s}, {@code 1m30s}, {@code 300ms}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        Problems problems = new Problems();
        Duration duration = parse(text, problems);
        if (problems.hasErrors()) {
            throw new TypeConversionException(problems.errors().get(0).message());
        }
        return duration;
    }

    /** The duration; what is wrong with the text goes to the problems. */
    static Duration parse(String text, Problems problems) {
        String yaml =
                "value: \"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\"";
        return ConfigNode.parse("command line", yaml, problems)
                .decode(node -> node.duration("value").atLeast(Duration.ZERO).required());
    }
}
