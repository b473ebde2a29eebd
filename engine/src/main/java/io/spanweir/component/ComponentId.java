package io.spanweir.component;

import org.jspecify.annotations.Nullable;

/** {@code type} or {@code type/name}, as written in the configuration, with the type in its canonical spelling. */
public record ComponentId(String type, String name) implements Comparable<ComponentId> {
    private static final String TYPE = "[a-zA-Z][0-9a-zA-Z_]{0,62}";
    private static final int NAME_LENGTH_MAX = 1024;

    /** Reads an id; null when it is none: the type is letters, digits and {@code _}, the name follows after {@code /}. */
    public static @Nullable ComponentId parse(String text) {
        int slash = text.indexOf('/');
        String type = (slash < 0 ? text : text.substring(0, slash)).strip();
        String name = slash < 0 ? "" : text.substring(slash + 1).strip();
        boolean named = slash < 0 || (!name.isEmpty() && name.length() <= NAME_LENGTH_MAX);
        return type.matches(TYPE) && named ? new ComponentId(type, name) : null;
    }

    public ComponentId withType(String canonicalType) {
        return new ComponentId(canonicalType, name);
    }

    @Override
    public int compareTo(ComponentId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return name.isEmpty() ? type : type + "/" + name;
    }
}
