package io.spanweir.processor.attributes;

import io.spanweir.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** A list of actions as configured. Threading: any thread, immutable. */
public final class AttributeActions {
    private final List<AttributeActionConfig> actions;

    private AttributeActions(List<AttributeActionConfig> actions) {
        this.actions = actions;
    }

    /** The list under an option; absence and emptiness are a problem. */
    public static AttributeActions decode(ConfigNode yaml, String option) {
        return new AttributeActions(
                yaml.list(option, AttributeActionConfig::decode).notEmpty());
    }

    /** Compiles the actions for one lane. */
    public AttributeEditor editor() {
        List<AttributeAction> compiled = new ArrayList<>();
        for (int i = 0; i < actions.size(); i++) {
            AttributeActionConfig config = actions.get(i);
            AttributeAction both = i + 1 < actions.size() ? config.compileWith(actions.get(i + 1)) : null;
            compiled.add(both == null ? config.compile() : both);
            i += both == null ? 0 : 1;
        }
        return new AttributeEditor(compiled);
    }

    /** Whether nothing is compared but the lists. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AttributeActions list && actions.equals(list.actions);
    }

    @Override
    public int hashCode() {
        return actions.hashCode();
    }

    @Override
    public String toString() {
        return actions.toString();
    }
}
