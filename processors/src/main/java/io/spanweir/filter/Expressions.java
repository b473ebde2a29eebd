package io.spanweir.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.spanweir.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Regular expressions of a configuration, in the syntax of RE2. Threading: any thread, stateless. */
public final class Expressions {
    private Expressions() {}

    /** The expression, or null after a problem was reported at the option. */
    public static @Nullable Pattern compile(ConfigNode yaml, String option, String expression) {
        return compile(yaml.child(option), expression);
    }

    private static @Nullable Pattern compile(ConfigNode place, String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            place.problem("\"" + expression + "\" is no RE2 expression: " + reason(expression, e));
            return null;
        }
    }

    /** What is wrong, and the character where the part begins that is. */
    private static String reason(String expression, PatternSyntaxException e) {
        String reason = e.getDescription();
        if (reason.endsWith("internal error")) {
            return "missing opening ("; // what the library says of a stray )
        }
        String part = e.getPattern();
        int at = part == null || part.isEmpty() || part.equals(expression) ? -1 : expression.indexOf(part);
        return at < 0 ? reason : reason + " at character " + (at + 1) + ", \"" + part + "\"";
    }

    /** Reports each expression that cannot be compiled, at its place; returns those that can. */
    public static List<String> compilable(ConfigNode yaml, String option, List<String> expressions) {
        List<String> good = new ArrayList<>();
        ConfigNode list = yaml.child(option);
        List<ConfigNode> items = list.isList() ? list.items() : List.of();
        for (int i = 0; i < expressions.size(); i++) {
            ConfigNode place = i < items.size() ? items.get(i) : list;
            if (compile(place, expressions.get(i)) != null) {
                good.add(expressions.get(i));
            }
        }
        return good;
    }
}
