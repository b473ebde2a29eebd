package io.spanweir.processor.tailsampling;

import io.spanweir.data.ValueView;

/** A test of an attribute's value. May keep a cache: one instance per lane. Allocates nothing for values seen before. Threading: lane. */
interface ValueTest {
    boolean test(ValueView value);
}
