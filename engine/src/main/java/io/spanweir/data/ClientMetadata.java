package io.spanweir.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Headers or gRPC metadata of a request that {@code include_metadata} keeps with its batch. Keys are lower case. Threading: any
 * thread, immutable.
 */
public record ClientMetadata(Map<String, List<String>> values) {
    public static final ClientMetadata EMPTY = new ClientMetadata(Map.of());

    public ClientMetadata {
        Map<String, List<String>> copy = new TreeMap<>();
        values.forEach((key, list) -> copy.put(key.toLowerCase(Locale.ROOT), List.copyOf(list)));
        values = Map.copyOf(copy);
    }

    /** The values of a key in any case; empty when absent. */
    public List<String> get(String key) {
        return values.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
    }

    /** Just these keys, in any case. */
    public ClientMetadata only(List<String> keys) {
        if (keys.isEmpty() || values.isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> kept = new TreeMap<>();
        for (String key : keys) {
            List<String> found = get(key);
            if (!found.isEmpty()) {
                kept.put(key, found);
            }
        }
        return new ClientMetadata(kept);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }
}
