package io.spanweir.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One option of a section, or one item of a list, and how its value fits a type. Threading: one thread at a time. */
final class Option {
    private final Problems problems;
    private final String path;
    private final Position position;
    private final @Nullable Value value;
    private final boolean secret;
    private boolean broken;

    /**
     * @param value null when the option is absent; {@code position} is then that of its section
     * @param broken a problem of its section explains already why the option is absent
     */
    Option(Problems problems, String path, Position position, @Nullable Value value, boolean secret, boolean broken) {
        this.broken = broken;
        this.problems = problems;
        this.path = path;
        this.position = position;
        this.value = value;
        this.secret = secret;
    }

    @Nullable
    Value value() {
        return value;
    }

    Position position() {
        return position;
    }

    void error(String message) {
        broken = true;
        problems.error(position, path, message);
    }

    void missing() {
        if (problems.hasError(position, path)) {
            broken = true; // why there is nothing has been said
            return;
        }
        error("is missing; it has no default");
    }

    /** The value in quotes, masked when the option holds a secret. */
    String shown() {
        if (secret) {
            return Texts.quoted(Secret.MASKED);
        }
        return value == null ? "nothing" : value.described();
    }

    private String shownText(String text) {
        return secret ? Secret.MASKED : text;
    }

    /** The scalar, or null when there is none, when it is null, or when something else is there, which is a problem. */
    private Value.@Nullable ScalarValue scalar(String expected) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof Value.ScalarValue scalar) {
            return scalar;
        }
        error("found " + value.described() + ", expected " + expected);
        return null;
    }

    ValueReader<String> string() {
        return new ValueReader<>(this, stringValue(), broken, "");
    }

    @Nullable
    String stringValue() {
        if (value == null) {
            return null;
        }
        String expanded = value.original();
        if (expanded != null) {
            return expanded;
        }
        Value.ScalarValue scalar = scalar("text");
        if (scalar == null) {
            return null;
        }
        if (scalar.kind() == Scalars.Kind.BOOLEAN) {
            error(shown() + " is a boolean here, expected text; put it in quotes");
            return null;
        }
        return scalar.text();
    }

    ValueReader<Boolean> bool() {
        Value.ScalarValue scalar = scalar("true or false");
        Boolean result = null;
        if (scalar != null) {
            boolean plain =
                    scalar.kind() == Scalars.Kind.BOOLEAN || (scalar.kind() == Scalars.Kind.STRING && !scalar.quoted());
            result = plain ? Scalars.booleanOf(scalar.parsedText()) : null;
            if (result == null) {
                boolean inQuotes = scalar.quoted() && Scalars.booleanOf(scalar.text()) != null;
                error(inQuotes ? shown() + " is in quotes; remove them" : shown() + " is neither true nor false");
            }
        }
        return new ValueReader<>(this, result, broken, false);
    }

    RangeReader<Integer> integer() {
        BigInteger whole = whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        return new RangeReader<>(this, whole == null ? null : whole.intValue(), broken, 0, String::valueOf);
    }

    RangeReader<Long> longInteger() {
        BigInteger whole = whole(Long.MIN_VALUE, Long.MAX_VALUE);
        return new RangeReader<>(this, whole == null ? null : whole.longValue(), broken, 0L, String::valueOf);
    }

    private @Nullable BigInteger whole(long min, long max) {
        Value.ScalarValue scalar = scalar("a whole number");
        if (scalar == null) {
            return null;
        }
        BigInteger whole = null;
        if (scalar.kind() == Scalars.Kind.INTEGER) {
            whole = Scalars.integerOf(scalar.parsedText());
        } else if (scalar.kind() == Scalars.Kind.DECIMAL) {
            Double decimal = Objects.requireNonNull(Scalars.decimalOf(scalar.parsedText()));
            boolean integral = decimal == Math.rint(decimal) && Math.abs(decimal) < 1e18;
            whole = integral ? BigInteger.valueOf(decimal.longValue()) : null;
        }
        if (whole == null) {
            error(numberProblem(scalar, "a whole number"));
            return null;
        }
        if (whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
            error(shown() + " is not in " + min + " to " + max);
            return null;
        }
        return whole;
    }

    private String numberProblem(Value.ScalarValue scalar, String expected) {
        boolean inQuotes = scalar.quoted() && Scalars.decimalOf(scalar.text()) != null;
        return inQuotes
                ? shown() + " is text because of its quotes, expected " + expected + "; remove the quotes"
                : shown() + " is not " + expected;
    }

    RangeReader<Double> decimal() {
        return new RangeReader<>(this, decimalValue(), broken, 0.0, Option::plain);
    }

    private @Nullable Double decimalValue() {
        Value.ScalarValue scalar = scalar("a number");
        if (scalar == null) {
            return null;
        }
        boolean number = scalar.kind() == Scalars.Kind.INTEGER || scalar.kind() == Scalars.Kind.DECIMAL;
        Double decimal = number ? Scalars.decimalOf(scalar.parsedText()) : null;
        if (decimal == null || !Double.isFinite(decimal)) {
            error(numberProblem(scalar, "a number"));
            return null;
        }
        return decimal;
    }

    private static String plain(Double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf(number.longValue())
                : String.valueOf(number);
    }

    RangeReader<Double> percentage() {
        Double percent = null;
        if (value instanceof Value.ScalarValue scalar && scalar.kind() == Scalars.Kind.STRING) {
            String text = scalar.text().strip();
            percent = text.endsWith("%")
                    ? Scalars.decimalOf(text.substring(0, text.length() - 1).strip())
                    : null;
            if (percent == null || !Double.isFinite(percent)) {
                error(shown() + " is no percentage; write a number from 0 to 100");
                percent = null;
            }
        } else {
            percent = decimalValue();
        }
        return new RangeReader<>(this, percent, broken, 0.0, Option::plain)
                .atLeast(0.0)
                .atMost(100.0);
    }

    RangeReader<Duration> duration() {
        Duration duration = parsed("a duration such as \"30s\"", Durations::parse, Durations::problem);
        return new RangeReader<>(this, duration, broken, Duration.ofSeconds(1), Durations::format);
    }

    RangeReader<Long> size() {
        Long bytes = parsed("a size such as \"64MiB\"", Option::sizeOf, Sizes::problem);
        return new RangeReader<>(this, bytes, broken, 0L, Sizes::format);
    }

    private static @Nullable Long sizeOf(String text) {
        long bytes = Sizes.parse(text);
        if (bytes >= 0) {
            return bytes;
        }
        BigInteger whole = Scalars.integerOf(text);
        return whole == null || whole.signum() < 0 || whole.bitLength() > 63 ? null : whole.longValue();
    }

    ValueReader<Endpoint> endpoint(int portSuggested) {
        Endpoint endpoint = parsed(
                "\"host:port\"",
                Endpoint::parse,
                text -> Objects.requireNonNullElse(Endpoint.problem(text, portSuggested), ""));
        return new ValueReader<>(this, endpoint, broken, new Endpoint("localhost", 0));
    }

    ValueReader<Target> target() {
        Target target = parsed("\"host:port\" or a URL", Target::parse, Option::targetProblem);
        return new ValueReader<>(this, target, broken, new Target(Target.Scheme.NONE, "localhost", 1, ""));
    }

    private static String targetProblem(String text) {
        return Objects.requireNonNullElse(Target.problem(text), "");
    }

    private <T> @Nullable T parsed(
            String expected, Function<String, @Nullable T> parse, UnaryOperator<String> problem) {
        Value.ScalarValue scalar = scalar(expected);
        if (scalar == null) {
            return null;
        }
        T result = parse.apply(scalar.text());
        if (result == null) {
            error(problem.apply(shownText(scalar.text())));
        }
        return result;
    }

    <T> ValueReader<T> enumeration(Map<String, T> names) {
        Value.ScalarValue scalar = scalar("one of " + Texts.listed(names.keySet()));
        T result = null;
        if (scalar != null) {
            result = names.get(scalar.text());
            if (result == null) {
                error(shown() + " is not known" + Texts.suggestion(scalar.text(), names.keySet(), "known"));
            }
        }
        return new ValueReader<>(this, result, broken, names.values().iterator().next());
    }

    /** The items, or null when there is no list; text is split at its commas when {@code splitText} as the collector does. */
    @Nullable
    List<Value> items(boolean splitText) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof Value.ListValue list) {
            return list.items();
        }
        if (splitText && value instanceof Value.ScalarValue scalar && scalar.kind() == Scalars.Kind.STRING) {
            return Texts.commaSeparated(scalar.text()).stream()
                    .filter(part -> !part.isEmpty())
                    .<Value>map(scalar::withText)
                    .toList();
        }
        error("found " + shown() + ", expected a list; write each item as \"- item\" in a line of its own");
        return null;
    }

    boolean isBroken() {
        return broken;
    }
}
