package io.spanweir.graph;

import io.spanweir.component.ComponentFactory;
import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.ExtensionFactory;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Suggestions;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the sections of a configuration into a {@link Topology} and checks how they refer to each other. One use. */
final class TopologyDecoder {
    /** Of more names nobody is told the nearest: looking for it takes time for each that is not found. */
    private static final int SUGGESTED_FROM_MAX = 1_000;

    private final Components components;
    private final Map<ComponentKind, Map<ComponentId, Declared>> declared = new EnumMap<>(ComponentKind.class);
    private final Map<PipelineId, ConfigNode> pipelineNodes = new LinkedHashMap<>();

    /** A component of the configuration: where it is written, what made it, its config record or null when its type is unknown. */
    record Declared(
            ConfigNode node,
            @Nullable ComponentFactory factory,
            @Nullable Object config) {}

    private interface Reader {
        Object decode(ComponentFactory factory, ConfigNode yaml);
    }

    TopologyDecoder(Components components) {
        this.components = components;
    }

    Topology decode(ConfigNode yaml) {
        declare(yaml, ComponentKind.RECEIVER, (factory, node) -> node.decode(((ReceiverFactory) factory)::decode));
        declare(yaml, ComponentKind.PROCESSOR, (factory, node) -> node.decode(((ProcessorFactory) factory)::decode));
        declare(yaml, ComponentKind.EXPORTER, (factory, node) -> node.decode(((ExporterFactory) factory)::decode));
        declare(yaml, ComponentKind.CONNECTOR, (factory, node) -> node.decode(((ConnectorFactory) factory)::decode));
        declare(yaml, ComponentKind.EXTENSION, (factory, node) -> node.decode(((ExtensionFactory) factory)::decode));
        refuseAmbiguous();
        explainMisplaced(yaml);
        EngineConfig engine = yaml.record("engine", EngineConfig::decode);
        Service service = yaml.record("service", this::decodeService);
        if (!yaml.has("service")) {
            yaml.problem("has no section \"service\"; add service.pipelines with at least one pipeline");
        }
        new ConnectorCheck(ofKind(ComponentKind.CONNECTOR), pipelineNodes, service.pipelines).run();
        if (!yaml.problems().hasErrors()) {
            warnOfUnused(service); // with errors, why it is unused may be one of them
        }
        return new Topology(
                configs(ComponentKind.RECEIVER),
                configs(ComponentKind.PROCESSOR),
                configs(ComponentKind.EXPORTER),
                configs(ComponentKind.CONNECTOR),
                configs(ComponentKind.EXTENSION),
                service.pipelines,
                service.extensions,
                service.telemetry,
                engine);
    }

    private record Service(List<Pipeline> pipelines, List<ComponentId> extensions, TelemetryConfig telemetry) {}

    private void declare(ConfigNode yaml, ComponentKind kind, Reader reader) {
        Map<ComponentId, Declared> ofKind = new LinkedHashMap<>();
        declared.put(kind, ofKind);
        for (ConfigNode node : yaml.child(kind.section()).children()) {
            ComponentId written = ComponentId.parse(node.key());
            if (written == null) {
                node.problem("is no component id; write \"type\" or \"type/name\"");
                continue;
            }
            ComponentFactory factory = components.find(kind, written.type());
            if (factory == null) {
                node.problem(unknownType(kind, written.type()));
                ofKind.put(written, new Declared(node, null, null));
                continue;
            }
            ComponentId id = written.withType(factory.type());
            if (!written.equals(id)) {
                node.warning("is the old name of \"" + id + "\"; both work");
            }
            Declared before = ofKind.get(id);
            if (before != null) {
                node.problem("is the same component as \"" + before.node.key() + "\" in line "
                        + before.node.position().line() + "; give one of them a name, \"" + factory.type() + "/name\"");
                continue;
            }
            ofKind.put(id, new Declared(node, factory, reader.decode(factory, node)));
        }
    }

    private String unknownType(ComponentKind kind, String type) {
        String successor = CollectorTypes.successor(kind, type);
        if (successor != null) {
            return successor;
        }
        List<String> known =
                components.list(kind).stream().map(ComponentFactory::type).toList();
        String available = "; available: " + String.join(", ", known);
        for (ComponentKind other : ComponentKind.values()) {
            if (other != kind && components.find(other, type) != null) {
                return "\"" + type + "\" is no " + kind.word() + " but " + withArticle(other)
                        + "; move it to the section \"" + other.section() + "\"";
            }
        }
        if (CollectorTypes.known(kind, type)) {
            return kind.word() + " \"" + type + "\" of the collector is not available in this version; remove it"
                    + available;
        }
        String meant = Suggestions.didYouMean(type, known);
        return "unknown " + kind.word() + " type \"" + type + "\"" + (meant.isEmpty() ? available : meant);
    }

    private static String withArticle(ComponentKind kind) {
        return ("aeiou".indexOf(kind.word().charAt(0)) < 0 ? "a " : "an ") + kind.word();
    }

    /** What is wrong with the indentation is an unknown option only to us. */
    private void explainMisplaced(ConfigNode yaml) {
        for (ComponentKind kind : ComponentKind.values()) {
            for (ComponentFactory factory : components.list(kind)) {
                yaml.refused(
                        factory.type(),
                        "a component cannot stand here; move it to its section, for example \"" + kind.section()
                                + "\", and indent it");
            }
        }
        yaml.refused("pipelines", "belongs to the section \"service\"; move it there and indent it");
        yaml.refused("telemetry", "belongs to the section \"service\"; move it there and indent it");
    }

    /** The collector is silent about a component that no pipeline uses; a forgotten line in a pipeline looks just so. */
    private void warnOfUnused(Service service) {
        for (ComponentKind kind : ComponentKind.values()) {
            Set<ComponentId> used =
                    new LinkedHashSet<>(kind == ComponentKind.EXTENSION ? service.extensions : List.of());
            for (Pipeline pipeline : service.pipelines) {
                used.addAll(pipeline.receivers());
                used.addAll(pipeline.processors());
                used.addAll(pipeline.exporters());
            }
            ofKind(kind).forEach((id, one) -> {
                if (!used.contains(id) && one.config != null) {
                    one.node.warning(
                            kind == ComponentKind.EXTENSION
                                    ? "is not started; add it to \"service.extensions\" or remove it"
                                    : "is used by no pipeline; add it to one or remove it");
                }
            });
        }
    }

    private void refuseAmbiguous() {
        Map<ComponentId, Declared> connectors = ofKind(ComponentKind.CONNECTOR);
        for (ComponentKind kind : List.of(ComponentKind.RECEIVER, ComponentKind.EXPORTER)) {
            ofKind(kind).forEach((id, one) -> {
                Declared other = connectors.get(id);
                if (other != null) {
                    one.node.problem("is the id of a connector too, in line "
                            + other.node.position().line() + "; pipelines could not tell them apart");
                }
            });
        }
    }

    private Service decodeService(ConfigNode yaml) {
        List<ComponentId> extensions = new ArrayList<>();
        for (ConfigNode item : yaml.child("extensions").items()) {
            ComponentId id = reference(item, List.of(ComponentKind.EXTENSION));
            if (id != null && extensions.contains(id)) {
                item.problem("lists extension \"" + id + "\" twice");
            } else if (id != null) {
                extensions.add(id);
            }
        }
        TelemetryConfig telemetry = yaml.record("telemetry", TelemetryConfig::decode);
        List<Pipeline> pipelines = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            yaml.refused(signal.pipelineName(), "belongs to \"pipelines\"; write it below, indented");
        }
        ConfigNode all = yaml.child("pipelines");
        for (ConfigNode node : all.children()) {
            Pipeline pipeline = decodePipeline(node);
            if (pipeline != null) {
                pipelines.add(pipeline);
            }
        }
        if (yaml.isPresent()
                && (all.isNull() || all.isSection())
                && all.children().isEmpty()) {
            yaml.problem("pipelines", "has no pipeline; add at least one, for example \"traces\"");
        }
        return new Service(pipelines, extensions, telemetry);
    }

    private @Nullable Pipeline decodePipeline(ConfigNode node) {
        PipelineId id = PipelineId.parse(node.key());
        if (id == null) {
            node.problem(noPipelineId(node.key()));
            node.raw();
            return null;
        }
        pipelineNodes.put(id, node);
        return node.decode(yaml -> {
            List<ComponentId> receivers =
                    references(yaml, "receivers", id, List.of(ComponentKind.RECEIVER, ComponentKind.CONNECTOR), true);
            List<ComponentId> processors = references(yaml, "processors", id, List.of(ComponentKind.PROCESSOR), false);
            List<ComponentId> exporters =
                    references(yaml, "exporters", id, List.of(ComponentKind.EXPORTER, ComponentKind.CONNECTOR), true);
            return new Pipeline(id, receivers, processors, exporters);
        });
    }

    private static String noPipelineId(String text) {
        int slash = text.indexOf('/');
        String signal = slash < 0 ? text : text.substring(0, slash);
        if (signal.equals("profiles")) {
            return "profiles are not available in this version; remove the pipeline";
        }
        List<String> known =
                Arrays.stream(Signal.values()).map(Signal::pipelineName).toList();
        String meant = known.contains(signal) ? "" : Suggestions.didYouMean(signal, known);
        return "is no pipeline id"
                + (meant.isEmpty() ? "; write traces, metrics or logs, or one of them with \"/name\"" : meant);
    }

    private List<ComponentId> references(
            ConfigNode yaml, String key, PipelineId pipeline, List<ComponentKind> kinds, boolean needed) {
        Set<ComponentId> ids = new LinkedHashSet<>();
        ConfigNode list = yaml.child(key);
        List<ConfigNode> items = list.items();
        for (ConfigNode item : items) {
            ComponentId id = reference(item, kinds);
            if (id == null) {
                continue;
            }
            checkSignal(item, id, kinds, pipeline.signal());
            if (!ids.add(id)) {
                item.problem("lists \"" + id + "\" twice; once is what it means");
            }
        }
        if (needed && items.isEmpty() && (list.isNull() || list.isList())) {
            yaml.problem(key, "is empty; a pipeline needs at least one of its " + key);
        }
        return List.copyOf(ids);
    }

    private void checkSignal(ConfigNode item, ComponentId id, List<ComponentKind> kinds, Signal signal) {
        for (ComponentKind kind : kinds) {
            Declared target = ofKind(kind).get(id);
            ComponentFactory factory = target == null ? null : target.factory;
            if (factory != null
                    && kind != ComponentKind.CONNECTOR
                    && !factory.signals().contains(signal)) {
                item.problem("\"" + id + "\" does not work on " + signal.pipelineName() + ", only on "
                        + factory.signals().stream().map(Signal::pipelineName).collect(Collectors.joining(", ")));
            } else if (target != null && target.config instanceof ProcessorConfig processor) {
                String problem = processor.problemWith(signal);
                if (problem != null) {
                    item.problem(
                            "\"" + id + "\" (line " + target.node.position().line() + "): " + problem);
                }
            }
        }
    }

    /** The id that an item of a list refers to, or null after a problem was reported. */
    private @Nullable ComponentId reference(ConfigNode item, List<ComponentKind> kinds) {
        if (item.isSection()) {
            item.problem(
                    "found a section, expected an id; write only \"type\" or \"type/name\" here and the options in \""
                            + kinds.get(0).section() + "\"");
            item.raw();
            return null;
        }
        String text = item.string().required();
        ComponentId written = ComponentId.parse(text);
        if (written == null) {
            if (!text.isEmpty()) {
                item.problem("\"" + text + "\" is no component id; write \"type\" or \"type/name\"");
            }
            return null;
        }
        for (ComponentKind kind : kinds) {
            ComponentFactory factory = components.find(kind, written.type());
            ComponentId id = factory == null ? written : written.withType(factory.type());
            if (ofKind(kind).containsKey(id)) {
                return id;
            }
        }
        if (!item.problems().full()) {
            item.problem(notConfigured(text, written, kinds));
        }
        return null;
    }

    private String notConfigured(String text, ComponentId written, List<ComponentKind> kinds) {
        String wanted = kinds.stream().map(TopologyDecoder::withArticle).collect(Collectors.joining(" or "));
        for (ComponentKind other : ComponentKind.values()) {
            if (!kinds.contains(other) && ofKind(other).containsKey(written)) {
                return "\"" + text + "\" is " + withArticle(other) + ", expected " + wanted;
            }
        }
        List<String> known = new ArrayList<>();
        if (kinds.stream().mapToInt(kind -> ofKind(kind).size()).sum() <= SUGGESTED_FROM_MAX) {
            kinds.forEach(kind -> ofKind(kind).keySet().forEach(id -> known.add(id.toString())));
        }
        String meant = Suggestions.didYouMean(text, known);
        return "\"" + text + "\" is not configured"
                + (meant.isEmpty()
                        ? "; add it to the section \"" + kinds.get(0).section() + "\""
                                + (kinds.contains(ComponentKind.CONNECTOR) ? " or \"connectors\"" : "")
                        : meant);
    }

    private Map<ComponentId, Declared> ofKind(ComponentKind kind) {
        Map<ComponentId, Declared> map = declared.get(kind);
        if (map == null) {
            throw new IllegalStateException(kind.word());
        }
        return map;
    }

    @SuppressWarnings("unchecked") // each kind was decoded by the factory of its kind
    private <T> Map<ComponentId, T> configs(ComponentKind kind) {
        Map<ComponentId, T> configs = new LinkedHashMap<>();
        ofKind(kind).forEach((id, one) -> {
            if (one.config != null) {
                configs.put(id, (T) one.config);
            }
        });
        return configs;
    }
}
