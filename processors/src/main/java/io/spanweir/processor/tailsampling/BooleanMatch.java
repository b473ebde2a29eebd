package io.spanweir.processor.tailsampling;

import io.spanweir.data.ValueView;
import io.spanweir.filter.ValueTest;

/** A boolean attribute of one value. */
record BooleanMatch(String key, boolean wanted) implements AttributeMatch {
    @Override
    public ValueTest compile() {
        return value -> value.type() == ValueView.Type.BOOL && value.booleanValue() == wanted;
    }
}
