package io.spanweir.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

    /** An entry and the keys that lead to it. */
    private record Path(List<String> keys, Value.Entry entry) {
        Path below() {
            return new Path(keys.subList(1, keys.size()), entry);
        }
    }

    /** {@code a::b: c} at the top of a source is {@code a: {b: c}}. */
    static Value.MapValue nested(Value.MapValue source) {
        List<Path> paths = new ArrayList<>();
        source.entries().forEach((key, entry) -> {
            List<String> keys = List.of(key.split(NESTING));
            boolean nests = keys.size() > 1 && keys.stream().noneMatch(String::isEmpty);
            paths.add(new Path(nests ? keys : List.of(key), entry));
        });
        return nested(source.position(), paths);
    }

    private static Value.MapValue nested(Position position, List<Path> paths) {
        Map<String, List<Path>> byFirst = new LinkedHashMap<>();
        for (Path path : paths) {
            byFirst.computeIfAbsent(path.keys().get(0), key -> new ArrayList<>())
                    .add(path);
        }
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        byFirst.forEach((key, some) -> entries.put(key, together(some)));
        return new Value.MapValue(position, entries, null);
    }

    /** What several paths with the same first key make of it, later ones over earlier ones. */
    private static Value.Entry together(List<Path> paths) {
        Value.Entry result = null;
        int at = 0;
        while (at < paths.size()) {
            Value.Entry next = paths.get(at).entry();
            List<Path> deeper = new ArrayList<>();
            while (at < paths.size() && paths.get(at).keys().size() > 1) {
                deeper.add(paths.get(at++).below());
            }
            if (deeper.isEmpty()) {
                at++;
            } else {
                next = new Value.Entry(next.keyPosition(), nested(next.keyPosition(), deeper));
            }
            result = result == null ? next : entry(result, next);
        }
        return Objects.requireNonNull(result);
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
