package io.spanweir.processor.attributes;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ClientMetadata;
import java.util.List;

/** Applies a list of actions, each to what the one before left. Threading: lane. */
public final class AttributeEditor {
    private final AttributeAction[] actions;

    AttributeEditor(List<AttributeAction> actions) {
        this.actions = actions.toArray(AttributeAction[]::new);
    }

    /** A batch begins that came with this metadata, which {@code from_context} reads. */
    public void begin(ClientMetadata metadata) {
        for (AttributeAction action : actions) {
            action.begin(metadata);
        }
    }

    /** Edits; the attributes must be those of a view with an overlay. */
    public void apply(AttributesView attributes) {
        for (AttributeAction action : actions) {
            action.apply(attributes);
        }
    }
}
