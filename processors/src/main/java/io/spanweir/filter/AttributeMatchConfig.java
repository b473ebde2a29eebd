package io.spanweir.filter;

import io.spanweir.config.ConfigNode;
import org.jspecify.annotations.Nullable;

/**
 * An item of {@code attributes} or {@code resources}.
 *
 * @param value null when any value matches
 */
public record AttributeMatchConfig(String key, @Nullable ConstantValue value) {
    static AttributeMatchConfig decode(ConfigNode yaml) {
        return new AttributeMatchConfig(yaml.string("key").required(), ConstantValue.decode(yaml, "value"));
    }

    AttributeTest compile(TextMatch match) {
        ConstantValue wanted = value;
        return new AttributeTest(key, wanted == null ? null : match.valueTest(wanted));
    }
}
