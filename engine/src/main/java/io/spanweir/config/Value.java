package io.spanweir.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value of the configuration with its place. Threading: any thread, immutable. */
abstract sealed class Value {
    private final Position position;
    private final @Nullable String original;

    private Value(Position position, @Nullable String original) {
        this.position = position;
        this.original = original;
    }

    Position position() {
        return position;
    }

    /** The text of the expansion that this value was parsed from, which a string option gets; null for written values. */
    @Nullable
    String original() {
        return original;
    }

    /** How many values this is, itself included; what an alias stands for is counted each time. */
    abstract long nodeCount();

    abstract Value withOriginal(@Nullable String text);

    /** For messages: {@code a section}, {@code a list}, or the text in quotes. */
    abstract String described();

    /** Whether the other has the same content; places do not matter. */
    abstract boolean sameAs(Value other);

    boolean isNull() {
        return false;
    }

    /** A map in the order of the source. */
    static final class MapValue extends Value {
        private final Map<String, Entry> entries;
        private final long nodeCount;

        MapValue(Position position, Map<String, Entry> entries, @Nullable String original) {
            super(position, original);
            this.entries = entries;
            this.nodeCount = 1
                    + entries.values().stream()
                            .mapToLong(entry -> entry.value.nodeCount())
                            .sum();
        }

        Map<String, Entry> entries() {
            return entries;
        }

        @Override
        long nodeCount() {
            return nodeCount;
        }

        @Override
        Value withOriginal(@Nullable String text) {
            return new MapValue(position(), entries, text);
        }

        @Override
        String described() {
            return "a section";
        }

        @Override
        boolean sameAs(Value other) {
            if (!(other instanceof MapValue map) || !entries.keySet().equals(map.entries.keySet())) {
                return false;
            }
            return Objects.equals(original(), map.original())
                    && entries.entrySet().stream()
                            .allMatch(entry -> entry.getValue()
                                    .value
                                    .sameAs(Objects.requireNonNull(map.entries.get(entry.getKey())).value));
        }

        MapValue with(String key, Entry entry) {
            Map<String, Entry> copy = new LinkedHashMap<>(entries);
            copy.put(key, entry);
            return new MapValue(position(), copy, null);
        }
    }

    /** A value under its key. */
    record Entry(Position keyPosition, Value value) {}

    static final class ListValue extends Value {
        private final List<Value> items;
        private final long nodeCount;

        ListValue(Position position, List<Value> items, @Nullable String original) {
            super(position, original);
            this.items = List.copyOf(items);
            this.nodeCount = 1 + items.stream().mapToLong(Value::nodeCount).sum();
        }

        List<Value> items() {
            return items;
        }

        @Override
        long nodeCount() {
            return nodeCount;
        }

        @Override
        Value withOriginal(@Nullable String text) {
            return new ListValue(position(), items, text);
        }

        @Override
        String described() {
            return "a list";
        }

        @Override
        boolean sameAs(Value other) {
            if (!(other instanceof ListValue list)
                    || items.size() != list.items.size()
                    || !Objects.equals(original(), list.original())) {
                return false;
            }
            for (int index = 0; index < items.size(); index++) {
                if (!items.get(index).sameAs(list.items.get(index))) {
                    return false;
                }
            }
            return true;
        }
    }

    static final class ScalarValue extends Value {
        private final String text;
        private final Scalars.Kind kind;
        private final boolean quoted;

        ScalarValue(Position position, String text, Scalars.Kind kind, boolean quoted, @Nullable String original) {
            super(position, original);
            this.text = text;
            this.kind = kind;
            this.quoted = quoted;
        }

        static ScalarValue nothing(Position position) {
            return new ScalarValue(position, "", Scalars.Kind.NULL, false, null);
        }

        /** What a string option gets: the text as it was written or expanded. */
        String text() {
            String original = original();
            return original == null ? text : original;
        }

        /** The text as YAML gives it: without quotes and comments. */
        String parsedText() {
            return text;
        }

        Scalars.Kind kind() {
            return kind;
        }

        /** Written in quotes or as a block, and so never a number, a boolean or null. */
        boolean quoted() {
            return quoted;
        }

        @Override
        boolean isNull() {
            return kind == Scalars.Kind.NULL;
        }

        @Override
        long nodeCount() {
            return 1;
        }

        @Override
        Value withOriginal(@Nullable String expandedText) {
            return new ScalarValue(position(), text, kind, quoted, expandedText);
        }

        ScalarValue withText(String newText) {
            return new ScalarValue(position(), newText, kind, quoted, null);
        }

        @Override
        String described() {
            return isNull() ? "nothing" : Texts.quoted(text());
        }

        @Override
        boolean sameAs(Value other) {
            return other instanceof ScalarValue scalar
                    && kind == scalar.kind
                    && quoted == scalar.quoted
                    && text.equals(scalar.text)
                    && Objects.equals(original(), scalar.original());
        }
    }
}
