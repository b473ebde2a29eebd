package io.spanweir.graph;

import io.spanweir.component.ComponentFactory;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.ExtensionFactory;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.ReceiverFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The component types that can be used, by kind and spelling. Threading: any thread, immutable. */
public final class Components {
    private static final Map<ComponentKind, Class<? extends ComponentFactory>> FACTORIES = Map.of(
            ComponentKind.RECEIVER, ReceiverFactory.class,
            ComponentKind.PROCESSOR, ProcessorFactory.class,
            ComponentKind.EXPORTER, ExporterFactory.class,
            ComponentKind.CONNECTOR, ConnectorFactory.class,
            ComponentKind.EXTENSION, ExtensionFactory.class);

    private final Map<ComponentKind, Map<String, ComponentFactory>> bySpelling = new EnumMap<>(ComponentKind.class);

    private Components(Collection<? extends ComponentFactory> factories) {
        for (ComponentKind kind : ComponentKind.values()) {
            bySpelling.put(kind, new TreeMap<>());
        }
        factories.forEach(this::add);
    }

    /** What {@link ServiceLoader} finds with that class loader. */
    public static Components load(ClassLoader loader) {
        List<ComponentFactory> found = new ArrayList<>();
        FACTORIES.values().forEach(type -> ServiceLoader.load(type, loader).forEach(found::add));
        return new Components(found);
    }

    /** These, and what they do not replace of the others. */
    public Components with(ComponentFactory... factories) {
        List<ComponentFactory> all = new ArrayList<>();
        bySpelling.values().forEach(map -> all.addAll(map.values()));
        all.addAll(List.of(factories));
        return new Components(all);
    }

    /** Just these. */
    public static Components of(ComponentFactory... factories) {
        return new Components(List.of(factories));
    }

    /** The factory of a type in any of its spellings. */
    public @Nullable ComponentFactory find(ComponentKind kind, String type) {
        return ofKind(kind).get(type);
    }

    /** Each factory of a kind once, by type. */
    public List<ComponentFactory> list(ComponentKind kind) {
        Map<String, ComponentFactory> byType = new TreeMap<>();
        ofKind(kind).values().forEach(factory -> byType.put(factory.type(), factory));
        return List.copyOf(byType.values());
    }

    private Map<String, ComponentFactory> ofKind(ComponentKind kind) {
        Map<String, ComponentFactory> map = bySpelling.get(kind);
        if (map == null) {
            throw new IllegalArgumentException(kind.word());
        }
        return map;
    }

    private void add(ComponentFactory factory) {
        FACTORIES.forEach((kind, type) -> {
            if (type.isInstance(factory)) {
                ofKind(kind).put(factory.type(), factory);
                factory.aliases().forEach(alias -> ofKind(kind).put(alias, factory));
            }
        });
    }
}
