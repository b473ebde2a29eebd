package io.spanweir.processor.attributes;

import io.spanweir.config.ConfigNode;
import io.spanweir.filter.ConstantValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code insert}, {@code update} and {@code upsert} take the value from.
 *
 * @param fromAttribute key, or ""
 * @param fromContext what of the request's context, or ""
 * @param defaultValue when the others have nothing
 */
record ValueSourceConfig(
        @Nullable ConstantValue value,
        String fromAttribute,
        String fromContext,
        @Nullable ConstantValue defaultValue) {
    static final ValueSourceConfig NONE = new ValueSourceConfig(null, "", "", null);

    /** Parts of the context that the collector has and Spanweir has not. */
    private static final Map<String, String> MISSING = Map.of(
            "client.address", "addresses of clients are not kept with their data",
            "auth.", "no receiver has an authenticator");

    static ValueSourceConfig decode(ConfigNode yaml, ActionType action) {
        ValueSourceConfig source = new ValueSourceConfig(
                ConstantValue.decode(yaml, "value"),
                yaml.string("from_attribute").or(""),
                yaml.string("from_context").or(""),
                ConstantValue.decode(yaml, "default_value"));
        List<String> set = new ArrayList<>();
        if (isSet(yaml, "value")) {
            set.add("value");
        }
        if (!source.fromAttribute.isEmpty()) {
            set.add("from_attribute");
        }
        if (!source.fromContext.isEmpty()) {
            set.add("from_context");
        }
        if (set.size() > 1) {
            yaml.problem(
                    set.get(1),
                    "stands beside " + set.get(0) + "; an action takes its value from one place, remove the other");
        } else if (set.isEmpty() && !isSet(yaml, "default_value")) {
            yaml.problem("has no value for action \"" + action.word()
                    + "\"; add one of value, from_attribute, from_context, default_value");
        }
        MISSING.forEach((name, reason) -> {
            if (source.fromContext.equals(name) || (name.endsWith(".") && source.fromContext.startsWith(name))) {
                yaml.warning(
                        "from_context",
                        "is never there: " + reason
                                + (source.defaultValue == null
                                        ? "; the action does nothing, remove it or set default_value"
                                        : "; default_value is always taken"));
            }
        });
        return source;
    }

    private static boolean isSet(ConfigNode yaml, String option) {
        return yaml.has(option) && !yaml.isNull(option);
    }

    ValueSource compile() {
        return new ValueSource(this);
    }
}
