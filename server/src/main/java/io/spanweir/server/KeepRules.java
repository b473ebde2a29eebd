package io.spanweir.server;

import io.spanweir.config.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --keep} says: policies of tail_sampling, any of which keeps a trace. */
record KeepRules(List<Rule> rules) {
    /** Every trace: no sampling at all. */
    static final KeepRules ALL = new KeepRules(List.of());

    private static final String GRAMMAR = "write \"errors\", \"slow=800ms\", \"1%\" or \"all\", separated by commas";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** One policy: its name, type and the single line of its options. */
    record Rule(String name, String type, String option) {}

    KeepRules {
        rules = List.copyOf(rules);
    }

    boolean keepsAll() {
        return rules.isEmpty();
    }

    /** @throws IllegalArgumentException the message says which rule, and what would be right */
    static KeepRules parse(String text) {
        List<Rule> rules = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        boolean all = false;
        for (String part : text.split(",", -1)) {
            String rule = part.strip();
            String kind = kind(rule);
            if (!kinds.add(kind)) {
                throw new IllegalArgumentException("\"" + text + "\" has two rules of the kind \"" + kind + "\"");
            }
            switch (kind) {
                case "all" -> all = true;
                case "errors" -> rules.add(new Rule("errors", "status_code", "status_codes: [ERROR]"));
                case "slow" -> rules.add(slow(rule));
                case "%" -> rules.add(percent(rule));
                default -> throw new IllegalArgumentException("\"" + rule + "\" is no rule; " + GRAMMAR);
            }
        }
        if (all && !rules.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": \"all\" leaves nothing for the other rules; remove it or them");
        }
        return new KeepRules(rules);
    }

    private static String kind(String rule) {
        if (rule.endsWith("%")) {
            return "%";
        }
        int equals = rule.indexOf('=');
        String word = equals < 0 ? rule : rule.substring(0, equals).strip();
        return equals >= 0 && !word.equals("slow") ? rule : word;
    }

    private static Rule slow(String rule) {
        int equals = rule.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("\"slow\" needs a duration; write \"slow=800ms\"");
        }
        Problems problems = new Problems();
        long millis = DurationConverter.parse(rule.substring(equals + 1).strip(), problems)
                .toMillis();
        if (problems.hasErrors()) {
            throw new IllegalArgumentException(
                    "\"" + rule + "\": " + problems.errors().get(0).message());
        }
        if (millis < 1) {
            throw new IllegalArgumentException("\"" + rule + "\": the duration must be at least 1ms");
        }
        return new Rule("slow", "latency", "threshold_ms: " + millis);
    }

    private static Rule percent(String rule) {
        String number = rule.substring(0, rule.length() - 1).strip();
        BigDecimal percent;
        try {
            percent = new BigDecimal(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + rule + "\" is no percentage; write \"1%\" or \"0.5%\"", e);
        }
        if (percent.signum() <= 0 || percent.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException("\"" + rule + "\" is not above 0% and at most 100%");
        }
        return new Rule("share", "probabilistic", "sampling_percentage: " + percent.toPlainString());
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<KeepRules> {
        @Override
        public KeepRules convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
