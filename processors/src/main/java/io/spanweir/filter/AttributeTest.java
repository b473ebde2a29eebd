package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ValueView;
import org.jspecify.annotations.Nullable;

/** Whether attributes have a key, with a value that passes a test where there is one. Threading: lane. */
public final class AttributeTest {
    private final byte[] key;
    private final @Nullable ValueTest test;
    private final ValueView value = new ValueView();

    public AttributeTest(String key, @Nullable ValueTest test) {
        this.key = key.getBytes(UTF_8);
        this.test = test;
    }

    public boolean matches(AttributesView attributes) {
        return attributes.find(key, value) && (test == null || test.test(value));
    }

    static boolean allMatch(AttributeTest[] tests, AttributesView attributes) {
        for (AttributeTest test : tests) {
            if (!test.matches(attributes)) {
                return false;
            }
        }
        return true;
    }
}
