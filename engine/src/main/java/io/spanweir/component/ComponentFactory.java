package io.spanweir.component;

import io.spanweir.wire.Signal;
import java.util.List;
import java.util.Set;

/**
 * Names a component type. {@link java.util.ServiceLoader} finds the five kinds of factory, so a jar on the class path adds
 * components. Threading: any thread, stateless.
 */
public interface ComponentFactory {
    /** The canonical type, for example {@code otlp_grpc}. */
    String type();

    /** Other spellings that are accepted, for example {@code otlp}. */
    default List<String> aliases() {
        return List.of();
    }

    Stability stability();

    /** The signals it can work on; empty for extensions. */
    Set<Signal> signals();
}
