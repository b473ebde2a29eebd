package io.spanweir.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts one configuration over another as the collector does: maps deep; lists, values and null replace. */
final class Merge {
    /** How the collector spells nested keys at the top of a source. */
    private static final String NESTING = "::";

    private Merge() {}

    static Value.MapValue over(Value.MapValue base, Value.MapValue later) {
        Map<String, Value.Entry> entries = new LinkedHashMap<>(base.entries());
        later.entries().forEach((key, entry) -> entries.merge(key, entry, Merge::entry));
        return new Value.MapValue(base.position(), entries, null);
    }

    private static Value.Entry entry(Value.Entry base, Value.Entry later) {
        if (base.value() instanceof Value.MapValue baseMap && later.value() instanceof Value.MapValue laterMap) {
            return new Value.Entry(base.keyPosition(), over(baseMap, laterMap));
        }
        return later;
    }

    /** {@code a::b: c} at the top of a source is {@code a: {b: c}}. */
    static Value.MapValue nested(Value.MapValue source) {
        Value.MapValue result = new Value.MapValue(source.position(), Map.of(), null);
        for (Map.Entry<String, Value.Entry> keyed : source.entries().entrySet()) {
            String[] keys = keyed.getKey().split(NESTING);
            boolean nests = keys.length > 1 && List.of(keys).stream().noneMatch(String::isEmpty);
            result = over(result, nested(nests ? List.of(keys) : List.of(keyed.getKey()), keyed.getValue()));
        }
        return result;
    }

    /** A map in a map for each key but the last, which has the value. */
    static Value.MapValue nested(List<String> keys, Value.Entry entry) {
        Value.Entry inner = entry;
        Value.MapValue map = new Value.MapValue(entry.keyPosition(), Map.of(), null);
        for (int index = keys.size() - 1; index >= 0; index--) {
            map = new Value.MapValue(entry.keyPosition(), Map.of(keys.get(index), inner), null);
            inner = new Value.Entry(entry.keyPosition(), map);
        }
        return map;
    }
}
