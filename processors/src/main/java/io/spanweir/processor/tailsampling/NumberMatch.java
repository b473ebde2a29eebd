package io.spanweir.processor.tailsampling;

import io.spanweir.data.ValueView;
import io.spanweir.filter.ValueTest;

/** A number attribute within two bounds, both included. */
record NumberMatch(String key, long min, long max) implements AttributeMatch {
    @Override
    public ValueTest compile() {
        return this::test;
    }

    private boolean test(ValueView value) {
        if (value.type() == ValueView.Type.INT) {
            return value.longValue() >= min && value.longValue() <= max;
        }
        return value.type() == ValueView.Type.DOUBLE && value.doubleValue() >= min && value.doubleValue() <= max;
    }
}
