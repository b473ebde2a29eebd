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
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            yaml.problem(option, "\"" + expression + "\" is no RE2 expression: " + reason(e));
            return null;
        }
    }

    private static String reason(PatternSyntaxException e) {
        String reason = e.getDescription();
        return reason.endsWith("internal error") ? "missing opening (" : reason; // what the library says of a stray )
    }

    /** Reports each expression that cannot be compiled; returns those that can. */
    public static List<String> compilable(ConfigNode yaml, String option, List<String> expressions) {
        List<String> good = new ArrayList<>();
        for (String expression : expressions) {
            if (compile(yaml, option, expression) != null) {
                good.add(expression);
            }
        }
        return good;
    }
}
