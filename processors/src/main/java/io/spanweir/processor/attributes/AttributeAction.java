package io.spanweir.processor.attributes;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ClientMetadata;

/** One compiled action. Keeps views and caches: one instance per lane. Threading: lane. */
interface AttributeAction {
    /** A batch begins that came with this metadata. */
    default void begin(ClientMetadata metadata) {}

    /** Edits; the attributes must be those of a view with an overlay. */
    void apply(AttributesView attributes);
}
