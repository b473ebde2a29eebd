package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import org.jspecify.annotations.Nullable;

/** {@code delete}: one key, all keys that match, or both. Threading: lane. */
final class DeleteAction implements AttributeAction {
    private final byte[] key;
    private final @Nullable KeyPattern pattern;

    DeleteAction(String key, String pattern) {
        this.key = key.getBytes(UTF_8);
        this.pattern = KeyPattern.of(pattern);
    }

    @Override
    public void apply(AttributesView attributes) {
        if (key.length > 0) {
            attributes.remove(key);
        }
        KeyPattern keys = pattern;
        if (keys == null) {
            return;
        }
        attributes.rewind();
        while (attributes.next()) {
            if (keys.matchesCurrent(attributes)) {
                attributes.removeCurrent();
            }
        }
    }
}
