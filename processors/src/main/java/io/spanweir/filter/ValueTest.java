package io.spanweir.filter;

import io.spanweir.data.ValueView;

/** A test of an attribute's value. May keep a cache: one instance per lane. Allocates nothing for values seen before. Threading: lane. */
public interface ValueTest {
    boolean test(ValueView value);
}
