package io.spanweir.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prints a loaded configuration as YAML: merged, expanded, secrets masked by the names of their options and headers. What
 * is printed loads to the same configuration, but for what is masked. Threading: any thread.
 */
public final class ConfigPrinter {
    /** Text that needs no quotes in any YAML: it starts with a letter and has no mark that YAML or expansion knows. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*");

    private static final Pattern PLAIN_ENDPOINT = Pattern.compile("[A-Za-z0-9_.-]*[A-Za-z_.-][A-Za-z0-9_.-]*:[0-9]+");

    /** Words that older parsers take for booleans. */
    private static final Set<String> AMBIGUOUS = Set.of("y", "n", "yes", "no", "on", "off");

    /** What HTTP sends as {@code authorization}, wherever it stands. */
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)(?:bearer|basic) +\\S+");

    /** In an item with one of these, the value beside it belongs to what they name. */
    private static final Set<String> NAMING_KEYS = Set.of("name", "key");

    /** The names of sections and components, which are nobody's secrets: {@code extensions: bearertokenauth}. */
    private static final int NAMES_DEPTH = 2;

    private final StringBuilder out = new StringBuilder();
    private final int namesIndent;

    private ConfigPrinter(int namesDepth) {
        this.namesIndent = 2 * namesDepth;
    }

    /** The configuration, ending with a line break; {@code {}} when it is empty. */
    public static String print(ConfigNode node) {
        ConfigPrinter printer = new ConfigPrinter(node.path().isEmpty() ? NAMES_DEPTH : 0);
        Value value = node.value();
        if (value instanceof Value.MapValue map && !map.entries().isEmpty()) {
            printer.entries(map, 0, Secrets.isSecret(node.key()));
        } else {
            printer.inline(value, Secrets.isSecret(node.key()));
            printer.out.append('\n');
        }
        return printer.out.toString();
    }

    private void entries(Value.MapValue map, int indent, boolean allSecret) {
        boolean namesSecret = namesSecret(map);
        boolean first = true;
        for (Map.Entry<String, Value.Entry> keyed : map.entries().entrySet()) {
            if (!first) {
                indent(indent);
            }
            first = false;
            String key = keyed.getKey();
            out.append(scalar(key, false)).append(':');
            boolean secret = Secrets.isSecret(key) || (namesSecret && key.equals("value"));
            below(keyed.getValue().value(), indent, allSecret || (secret && indent >= namesIndent));
        }
    }

    private static boolean namesSecret(Value.MapValue map) {
        for (String naming : NAMING_KEYS) {
            Value.Entry entry = map.entries().get(naming);
            if (entry != null && entry.value() instanceof Value.ScalarValue scalar && Secrets.isSecret(scalar.text())) {
                return true;
            }
        }
        return false;
    }

    private void below(Value value, int indent, boolean secret) {
        if (value instanceof Value.MapValue map && !map.entries().isEmpty()) {
            out.append('\n');
            indent(indent + 2);
            entries(map, indent + 2, secret);
        } else if (value instanceof Value.ListValue list && !list.items().isEmpty() && !secret) {
            out.append('\n');
            items(list, indent + 2);
        } else {
            out.append(' ');
            inline(value, secret);
            out.append('\n');
        }
    }

    private void items(Value.ListValue list, int indent) {
        for (Value item : list.items()) {
            indent(indent);
            out.append("- ");
            if (item instanceof Value.MapValue map && !map.entries().isEmpty()) {
                entries(map, indent + 2, false);
            } else if (item instanceof Value.ListValue inner && !inner.items().isEmpty()) {
                out.append('\n');
                items(inner, indent + 2);
            } else {
                inline(item, false);
                out.append('\n');
            }
        }
    }

    private void indent(int indent) {
        out.append(" ".repeat(indent));
    }

    private void inline(Value value, boolean secret) {
        if (secret && !value.isNull()) {
            out.append(scalar(Secret.MASKED, true));
        } else if (value instanceof Value.MapValue) {
            out.append("{}");
        } else if (value instanceof Value.ListValue) {
            out.append("[]");
        } else {
            out.append(scalar((Value.ScalarValue) value));
        }
    }

    private static String scalar(Value.ScalarValue scalar) {
        return switch (scalar.kind()) {
            case NULL -> "null";
            case BOOLEAN, INTEGER, DECIMAL -> scalar.parsedText();
            case STRING -> {
                boolean credentials = CREDENTIALS.matcher(scalar.text()).matches();
                String text = credentials ? Secret.MASKED : Texts.withoutPassword(scalar.text());
                boolean oldBoolean = !scalar.quoted() && Scalars.booleanOf(text) != null;
                yield oldBoolean ? text : scalar(text, true);
            }
        };
    }

    /** @param expanded references in the text would be expanded when it is read, as in values and not in keys */
    private static String scalar(String text, boolean expanded) {
        boolean plain =
                (PLAIN.matcher(text).matches() || PLAIN_ENDPOINT.matcher(text).matches())
                        && !AMBIGUOUS.contains(text.toLowerCase(Locale.ROOT))
                        && Scalars.kindOf(text) == Scalars.Kind.STRING;
        return plain ? text : quoted(text, expanded);
    }

    private static String quoted(String text, boolean expanded) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        boolean escapes = expanded && (text.contains("${") || text.contains("$$"));
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            String named = escape(letter);
            if (named != null) {
                quoted.append(named);
            } else if (letter == '$' && escapes) {
                quoted.append("$$");
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }

    private static @Nullable String escape(char letter) {
        return switch (letter) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                Character.isISOControl(letter) || letter == '\uFEFF' || letter == '\u2028' || letter == '\u2029'
                        ? String.format("\\u%04x", (int) letter)
                        : null;
        };
    }
}
