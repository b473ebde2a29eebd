package io.spanweir.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A section, list or value of the configuration, with its path and place: what a {@link Decoder} reads from. The keys that
 * are asked for are the known keys; {@link #finish} reports all others. A null or absent section reads like an empty one.
 *
 * <p>The configuration below never changes; a node remembers only which keys were asked for. Threading: one thread at a
 * time.
 *
 * <p>Long, because it is the whole vocabulary of decoders; how a value fits its type is in {@link Option}.
 */
public final class ConfigNode {
    private final Problems problems;
    private final String path;
    private final String key;
    private final Position keyPosition;
    private final boolean present;
    private final Value value;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, String> oldSpellings = new HashMap<>();
    /** Known keys that nobody should be told to write. */
    private final Set<String> unlisted = new HashSet<>();

    private boolean allKnown;

    private ConfigNode(Problems problems, String path, String key, Position keyPosition, boolean present, Value value) {
        this.problems = problems;
        this.path = path;
        this.key = key;
        this.keyPosition = keyPosition;
        this.present = present;
        this.value = value;
    }

    static ConfigNode root(Value value, Problems problems) {
        return new ConfigNode(problems, "", "", value.position(), true, value);
    }

    /** The whole of one YAML text, without expansion; for tests and for text that is embedded in code. */
    public static ConfigNode parse(String sourceName, String text, Problems problems) {
        Value value = YamlReader.read(text, sourceName, null, problems);
        return root(value == null ? Value.ScalarValue.nothing(new Position(sourceName, 1, 1)) : value, problems);
    }

    Value value() {
        return value;
    }

    /** The same configuration with its problems reported elsewhere and no key asked for. */
    public ConfigNode withProblems(Problems other) {
        return new ConfigNode(other, path, key, keyPosition, present, value);
    }

    /** Where problems of this node go. */
    public Problems problems() {
        return problems;
    }

    /** The option as it is named in messages: {@code processors.tail_sampling}; empty for the whole. */
    public String path() {
        return path;
    }

    /** The key of this node in its section; empty for the whole and for list items. */
    public String key() {
        return key;
    }

    /** Where the key stands; for list items and the whole, where the value begins. */
    public Position position() {
        return keyPosition;
    }

    /** Whether the node is written down, be it with a null value. */
    public boolean isPresent() {
        return present;
    }

    /** Absent, empty, {@code null} or {@code ~}. */
    public boolean isNull() {
        return value.isNull();
    }

    public boolean isSection() {
        return value instanceof Value.MapValue;
    }

    public boolean isList() {
        return value instanceof Value.ListValue;
    }

    /** Whether the key is written down, be it with a null value. Makes the key known. */
    public boolean has(String name) {
        return entry(name) != null;
    }

    /** Whether the key is written down and null, which is how the collector says "with all defaults". Makes the key known. */
    public boolean isNull(String name) {
        Value.Entry entry = entry(name);
        return entry != null && entry.value().isNull();
    }

    /** Whether both have the same content; places and order of keys do not matter. */
    public boolean sameAs(ConfigNode other) {
        return value.sameAs(other.value);
    }

    /** Decodes this node and reports the keys that the decoder does not know. */
    public <T> T decode(Decoder<T> decoder) {
        T decoded = decoder.decode(this);
        finish();
        return decoded;
    }

    /** Reports every key that was not asked for. Called by {@link #decode}; once is enough. */
    public void finish() {
        if (allKnown || value.isNull()) {
            return;
        }
        if (!(value instanceof Value.MapValue map)) {
            expectSection();
            return;
        }
        List<String> suggestions =
                known.stream().filter(name -> !unlisted.contains(name)).toList();
        map.entries().forEach((name, entry) -> {
            if (!known.contains(name) && !problems.full()) {
                String hint = known.isEmpty() ? "; there are none here" : Texts.suggestion(name, suggestions, "known");
                problems.error(entry.keyPosition(), Texts.childPath(path, name), "unknown option" + hint);
            }
        });
    }

    private void expectSection() {
        String found = value instanceof Value.ScalarValue && Secrets.isSecret(key)
                ? Texts.quoted(Secret.MASKED)
                : value.described();
        problems.error(value.position(), path, "found " + found + ", expected a section of \"option: value\" lines");
    }

    private Value.@Nullable Entry entry(String name) {
        known.add(name);
        if (value instanceof Value.MapValue map) {
            Value.Entry entry = map.entries().get(name);
            String old = oldSpellings.get(name);
            return entry == null && old != null ? map.entries().get(old) : entry;
        }
        if (!value.isNull()) {
            expectSection();
            allKnown = true;
        }
        return null;
    }

    private String childPath(String name) {
        String old = oldSpellings.get(name);
        boolean usesOld = old != null
                && value instanceof Value.MapValue map
                && !map.entries().containsKey(name)
                && map.entries().containsKey(old);
        return Texts.childPath(path, usesOld && old != null ? old : name);
    }

    private Option option(String name) {
        Value.Entry entry = entry(name);
        Value found = entry == null ? null : entry.value();
        Position position = found == null ? keyPosition : found.position();
        boolean broken = !isSection() && !value.isNull();
        return new Option(problems, childPath(name), position, found, Secrets.isSecret(name), broken);
    }

    private Option self() {
        allKnown = true;
        return new Option(problems, path, value.position(), present ? value : null, Secrets.isSecret(key), false);
    }

    // Values under a key.

    /** Text; a number keeps its spelling ({@code 0123}), an expansion its original text. */
    public ValueReader<String> string(String name) {
        return option(name).string();
    }

    /** {@code true}, {@code false}, or without quotes {@code yes}, {@code no}, {@code on}, {@code off}. */
    public ValueReader<Boolean> bool(String name) {
        return option(name).bool();
    }

    /** A whole number of 32 bits; {@code 0x}, {@code 0o}, {@code 0b} and the octal {@code 0123} are read too. */
    public RangeReader<Integer> integer(String name) {
        return option(name).integer();
    }

    /** A whole number of 64 bits. */
    public RangeReader<Long> longInteger(String name) {
        return option(name).longInteger();
    }

    /** A finite number. */
    public RangeReader<Double> decimal(String name) {
        return option(name).decimal();
    }

    /** 0 to 100, with or without {@code %}. */
    public RangeReader<Double> percentage(String name) {
        return option(name).percentage();
    }

    /** As Go writes it: {@code 30s}, {@code 1m30s}, {@code 1.5h}, {@code 300ms}, {@code 0}; up to 292 years, maybe negative. */
    public RangeReader<Duration> duration(String name) {
        return option(name).duration();
    }

    /** Bytes: {@code 64MiB}, {@code 1GB} or a plain number. */
    public RangeReader<Long> size(String name) {
        return option(name).size();
    }

    /** Where to listen: {@code host:port}, no scheme. */
    public ValueReader<Endpoint> endpoint(String name) {
        return option(name).endpoint(Endpoint.PORT_SUGGESTED);
    }

    /** Where to listen, with the port that a message about a missing one suggests. */
    public ValueReader<Endpoint> endpoint(String name, int portSuggested) {
        return option(name).endpoint(portSuggested);
    }

    /** Where to connect: {@code host:port} or with one of the schemes of {@link Target}. */
    public ValueReader<Target> target(String name) {
        return option(name).target();
    }

    /** Text that is never shown. */
    public ValueReader<Secret> secret(String name) {
        Option option = option(name);
        String text = option.stringValue();
        return new ValueReader<>(option, text == null ? null : Secret.of(text), option.isBroken(), Secret.of(""));
    }

    /** One of the names; the map's order is the order of messages. */
    public <T> ValueReader<T> enumeration(String name, Map<String, T> names) {
        return option(name).enumeration(names);
    }

    /** One of the constants, written in lower case. */
    public <E extends Enum<E>> ValueReader<E> enumeration(String name, Class<E> type) {
        Map<String, E> names = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            names.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return option(name).enumeration(names);
    }

    /** A list of text; one text with commas is split, as the collector does. */
    public ListReader<String> strings(String name) {
        Option option = option(name);
        List<Value> items = option.items(true);
        if (items == null) {
            return new ListReader<>(option, null, option.isBroken());
        }
        List<String> texts = new ArrayList<>(items.size());
        for (int index = 0; index < items.size(); index++) {
            texts.add(item(childPath(name), index, items.get(index)).string().or(""));
        }
        return new ListReader<>(option, List.copyOf(texts), false);
    }

    /** A list of which each item is decoded; {@code ConfigNode::…} for scalars, {@code XConfig::decode} for sections. */
    public <T> ListReader<T> list(String name, Decoder<T> decoder) {
        Option option = option(name);
        List<Value> items = option.items(false);
        if (items == null) {
            return new ListReader<>(option, null, option.isBroken());
        }
        List<T> decoded = new ArrayList<>(items.size());
        for (int index = 0; index < items.size(); index++) {
            decoded.add(item(childPath(name), index, items.get(index)).decode(decoder));
        }
        return new ListReader<>(option, List.copyOf(decoded), false);
    }

    private ConfigNode item(String listPath, int index, Value item) {
        return new ConfigNode(problems, Texts.itemPath(listPath, index), "", item.position(), true, item);
    }

    /** A section of options of the user's own naming, each decoded, in the order of the source; empty when absent. */
    public <T> Map<String, T> map(String name, Decoder<T> decoder) {
        Map<String, T> decoded = new LinkedHashMap<>();
        for (ConfigNode child : child(name).children()) {
            decoded.put(child.key(), child.decode(decoder));
        }
        return java.util.Collections.unmodifiableMap(decoded);
    }

    /** HTTP or gRPC headers: a section of names, or a list of {@code name} and {@code value}; empty when absent. */
    public Map<String, Secret> headers(String name) {
        return Headers.decode(child(name));
    }

    /** A nested record; when the section is absent, the decoder sees an empty one and gives the defaults. */
    public <T> T record(String name, Decoder<T> decoder) {
        return child(name).decode(decoder);
    }

    /** A nested record, or null when the key is absent; a key without a value gives the record with its defaults. */
    public <T> @Nullable T optionalRecord(String name, Decoder<T> decoder) {
        return has(name) ? child(name).decode(decoder) : null;
    }

    /** The node under a key, known from now on; absent keys give a node that {@link #isPresent} denies. */
    public ConfigNode child(String name) {
        Value.Entry entry = entry(name);
        String childKey = childPath(name);
        if (entry == null) {
            return new ConfigNode(problems, childKey, name, keyPosition, false, Value.ScalarValue.nothing(keyPosition));
        }
        return new ConfigNode(problems, childKey, name, entry.keyPosition(), true, entry.value());
    }

    /** All nodes of a section in the order of the source; all keys are known from now on. */
    public List<ConfigNode> children() {
        List<ConfigNode> children = new ArrayList<>();
        if (value instanceof Value.MapValue map) {
            map.entries().keySet().forEach(name -> children.add(child(name)));
        } else if (!value.isNull()) {
            expectSection();
        }
        allKnown = true;
        return List.copyOf(children);
    }

    /** All nodes of a list in their order; something else than a list is a problem, null is empty. */
    public List<ConfigNode> items() {
        List<Value> values = self().items(false);
        List<ConfigNode> items = new ArrayList<>();
        for (int index = 0; values != null && index < values.size(); index++) {
            items.add(item(path, index, values.get(index)));
        }
        return List.copyOf(items);
    }

    // The node's own value: list items, and children of the user's own naming.

    /** This node as text; see {@link #string(String)}. */
    public ValueReader<String> string() {
        return self().string();
    }

    /** This node as a boolean; see {@link #bool(String)}. */
    public ValueReader<Boolean> bool() {
        return self().bool();
    }

    /** This node as a whole number; see {@link #integer(String)}. */
    public RangeReader<Integer> integer() {
        return self().integer();
    }

    /** This node as a whole number of 64 bits. */
    public RangeReader<Long> longInteger() {
        return self().longInteger();
    }

    /** This node as a finite number. */
    public RangeReader<Double> decimal() {
        return self().decimal();
    }

    /** This node as a duration; see {@link #duration(String)}. */
    public RangeReader<Duration> duration() {
        return self().duration();
    }

    /** This node as one of the names. */
    public <T> ValueReader<T> enumeration(Map<String, T> names) {
        return self().enumeration(names);
    }

    /** This node as a size; see {@link #size(String)}. */
    public RangeReader<Long> size() {
        return self().size();
    }

    /** This node as a target; see {@link #target(String)}. */
    public ValueReader<Target> target() {
        return self().target();
    }

    /** This node as an endpoint; see {@link #endpoint(String)}. */
    public ValueReader<Endpoint> endpoint() {
        return self().endpoint(Endpoint.PORT_SUGGESTED);
    }

    /**
     * This node as it is: {@code Map<String, Object>}, {@code List<Object>}, String, Boolean, Long, {@link
     * java.math.BigInteger} beyond 64 bits, Double, or null. For options of any type.
     */
    public @Nullable Object raw() {
        allKnown = true;
        return Raw.of(value);
    }

    // Old and meaningless spellings, and rules across options.

    /** Accepts the old spelling of a key with a warning. Must come before the new spelling is read. */
    public void alias(String old, String current) {
        oldSpellings.put(current, old);
        known.add(old);
        unlisted.add(old);
        if (!(value instanceof Value.MapValue map)) {
            return;
        }
        Value.Entry entry = map.entries().get(old);
        if (entry == null) {
            return;
        }
        String oldPath = Texts.childPath(path, old);
        if (map.entries().containsKey(current)) {
            problems.error(
                    entry.keyPosition(),
                    oldPath,
                    "is the old spelling of \"" + current + "\", which is here too; keep one");
        } else {
            problems.warning(entry.keyPosition(), oldPath, "is an old spelling; write \"" + current + "\"");
        }
    }

    /** Warns when the key is there; it is still read as usual. The message continues a sentence: {@code is …; write …}. */
    public void deprecated(String name, String message) {
        warnAtKey(name, message);
    }

    /** Accepts a key that has no meaning here, with a warning that says what to do instead. */
    public void ignored(String name, String message) {
        warnAtKey(name, message);
    }

    private void warnAtKey(String name, String message) {
        unlisted.add(name);
        Value.Entry entry = entry(name);
        if (entry != null) {
            problems.warning(entry.keyPosition(), childPath(name), message);
        }
    }

    /** Makes a key that the collector has and Spanweir does not an error of its own instead of an unknown option. */
    public void refused(String name, String message) {
        unlisted.add(name);
        Value.Entry entry = entry(name);
        if (entry != null && !entry.value().isNull()) {
            problems.error(entry.keyPosition(), childPath(name), message);
        }
    }

    /** Reports an error at the value of the key, or at this section when the key is absent. */
    public void problem(String name, String message) {
        Option option = option(name);
        problems.error(option.position(), childPath(name), message);
    }

    /** Reports an error of this node as a whole. */
    public void problem(String message) {
        problems.error(keyPosition, path, message);
    }

    /** Reports a warning at the value of the key, or at this section when the key is absent. */
    public void warning(String name, String message) {
        Option option = option(name);
        problems.warning(option.position(), childPath(name), message);
    }

    /** Reports a warning of this node as a whole. */
    public void warning(String message) {
        problems.warning(keyPosition, path, message);
    }

    /** {@code path (position)}; never the value. */
    @Override
    public String toString() {
        return path + " (" + keyPosition + ")";
    }
}
