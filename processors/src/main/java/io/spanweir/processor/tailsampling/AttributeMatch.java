package io.spanweir.processor.tailsampling;

import io.spanweir.filter.ValueTest;

/** A key and what its value must be. Equal matches of several policies are tested once. */
interface AttributeMatch {
    String key();

    ValueTest compile();
}
