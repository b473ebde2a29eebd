package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import io.spanweir.data.SpanView;
import java.util.Locale;
import java.util.Map;

/**
 * {@code status_code}: some span has one of the codes.
 *
 * @param mask bit n stands for code n
 */
record StatusCodePolicyConfig(String name, int mask) implements PolicyConfig {
    private static final Map<String, Integer> CODES =
            Map.of("UNSET", SpanView.STATUS_UNSET, "OK", SpanView.STATUS_OK, "ERROR", SpanView.STATUS_ERROR);

    static StatusCodePolicyConfig decode(String name, ConfigNode body) {
        int mask = 0;
        for (String word : body.strings("status_codes").notEmpty()) {
            Integer code = CODES.get(word.strip());
            if (code == null) {
                body.problem("status_codes", problem(word));
            } else {
                mask |= 1 << code;
            }
        }
        return new StatusCodePolicyConfig(name, mask);
    }

    private static String problem(String word) {
        String upper = word.strip().toUpperCase(Locale.ROOT);
        String hint = CODES.containsKey(upper) ? "; did you mean \"" + upper + "\"?" : "; write OK, ERROR or UNSET";
        return "\"" + word + "\" is no status code" + hint;
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        int bit = compiler.facts().anyStatus(mask);
        return trace -> Vote.ofMatch(trace.has(bit));
    }
}
