package io.spanweir.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Expands references: {@code ${env:X}}, {@code ${X}}, {@code ${env:X:-default}}, {@code ${file:PATH}}, {@code ${yaml:TEXT}}.
 *
 * <p>Follows the collector's confmap, as its end-to-end cases have it. A value that is one reference and nothing else is
 * parsed as YAML and takes the type that it has there, but a string option gets the text itself; inside of a longer text a
 * reference is always text. Inner references come first, what a reference gives is expanded again, and at the very end
 * {@code $$} becomes {@code $}. A reference that cannot be resolved inside of text that only a string option would see,
 * such as a comment, is no problem unless a string option looks. Different from the collector: {@code ${X:-default}} works
 * without {@code env:}, and the last line break of a file that holds text is dropped. Threading: one use.
 */
final class Expander {
    /** Source: collector, confmap/expand.go. Counted for each value of the configuration. */
    static final int EXPANSIONS_MAX = 100;

    /** Of all references together; a hostile file could otherwise be read in a hundred thousand times. */
    static final int EXPANDED_LENGTH_MAX = 16 * 1024 * 1024;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern KEY_LINE = Pattern.compile("(?m)^ *[A-Za-z_][A-Za-z0-9_/.-]*:( |$)");
    private static final String DEFAULT = ":-";

    private final Function<String, @Nullable String> environment;
    private final SourceFiles files;
    private final Problems problems;
    private long expandedLength;

    // Of the value that is being expanded.
    private Position position = Position.of("");
    private String path = "";
    private int expansions;
    private boolean quiet;

    /** A reference that cannot be resolved. */
    private static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;

        Unresolved(String message) {
            super(message, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** @param file name of the file that the text is from; null for variables and written YAML */
    private record Retrieved(String text, @Nullable String file) {}

    Expander(Function<String, @Nullable String> environment, SourceFiles files, Problems problems) {
        this.environment = environment;
        this.files = files;
        this.problems = problems;
    }

    Value expand(Value root) {
        return expand(root, "");
    }

    private Value expand(Value value, String valuePath) {
        if (value instanceof Value.ScalarValue scalar) {
            return expandScalar(scalar, valuePath);
        }
        try {
            return mapped(value, valuePath, this::expand);
        } catch (Unresolved impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @FunctionalInterface
    private interface Step {
        Value apply(Value value, String path) throws Unresolved;
    }

    private static Value mapped(Value value, String path, Step step) throws Unresolved {
        if (value instanceof Value.MapValue map) {
            Map<String, Value.Entry> entries = new LinkedHashMap<>();
            for (Map.Entry<String, Value.Entry> keyed : map.entries().entrySet()) {
                Value.Entry entry = keyed.getValue();
                Value inner = step.apply(entry.value(), Texts.childPath(path, keyed.getKey()));
                entries.put(keyed.getKey(), new Value.Entry(entry.keyPosition(), inner));
            }
            return new Value.MapValue(map.position(), entries, map.original());
        }
        if (value instanceof Value.ListValue list) {
            List<Value> items = new ArrayList<>(list.items().size());
            for (Value item : list.items()) {
                items.add(step.apply(item, Texts.itemPath(path, items.size())));
            }
            return new Value.ListValue(list.position(), items, list.original());
        }
        return value;
    }

    private Value expandScalar(Value.ScalarValue scalar, String valuePath) {
        position = scalar.position();
        path = valuePath;
        expansions = 0;
        try {
            return typed(scalar);
        } catch (Unresolved unresolved) {
            problems.error(position, path, unresolved.reason());
            return Value.ScalarValue.nothing(scalar.position());
        }
    }

    private Value typed(Value.ScalarValue scalar) throws Unresolved {
        String text = scalar.parsedText();
        if (scalar.kind() != Scalars.Kind.STRING || text.indexOf('$') < 0) {
            return scalar;
        }
        String whole = wholeReference(text);
        return whole == null ? scalar.withText(unescaped(inline(text))) : typed(scalar, retrieve(inline(whole)));
    }

    /** A value that is one reference: its text as YAML, with the text itself beside it. */
    private Value typed(Value.ScalarValue reference, Retrieved retrieved) throws Unresolved {
        String text = retrieved.text();
        Problems syntax = new Problems();
        Position place = reference.position();
        String file = retrieved.file();
        Value value = YamlReader.read(text, file == null ? place.source() : file, file == null ? place : null, syntax);
        if (value == null || syntax.hasErrors()) {
            warnOfBrokenFile(retrieved, syntax);
            return typed(new Value.ScalarValue(place, text, Scalars.Kind.STRING, true, null));
        }
        if (value instanceof Value.ScalarValue scalar && scalar.kind() == Scalars.Kind.STRING) {
            return typed(new Value.ScalarValue(place, text, Scalars.Kind.STRING, scalar.quoted(), null));
        }
        Value expanded = value instanceof Value.ScalarValue scalar
                ? new Value.ScalarValue(place, scalar.parsedText(), scalar.kind(), false, null)
                : nested(value, path);
        return expanded.withOriginal(text.indexOf('$') < 0 ? text : originalText(text));
    }

    private Value nested(Value value, String valuePath) throws Unresolved {
        if (value instanceof Value.ScalarValue scalar) {
            return typed(scalar);
        }
        return mapped(value, valuePath, this::nested);
    }

    /** What a string option would see, or null when it could see nothing sensible. */
    private @Nullable String originalText(String text) {
        int before = expansions;
        boolean wasQuiet = quiet;
        quiet = true;
        try {
            return unescaped(inline(text));
        } catch (Unresolved onlyForStrings) {
            return null;
        } finally {
            quiet = wasQuiet;
            expansions = before;
        }
    }

    /** A file that reads like a section but is none would else be reported far from its mistake. */
    private void warnOfBrokenFile(Retrieved retrieved, Problems syntax) {
        if (retrieved.file() != null && KEY_LINE.matcher(retrieved.text()).find()) {
            for (Problem problem : syntax.errors()) {
                problems.warning(
                        problem.position(), path, "is read as text because it is not YAML: " + problem.message());
            }
        }
    }

    /** What stands between the braces when the text is exactly one reference, else null. */
    private static @Nullable String wholeReference(String text) {
        if (!text.startsWith("${")) {
            return null;
        }
        int open = 1;
        int index = 2;
        while (index < text.length()) {
            char letter = text.charAt(index);
            if (letter == '$') {
                int end = dollarsEnd(text, index);
                boolean opens = isOpening(text, index, end);
                open += opens ? 1 : 0;
                index = opens ? end + 1 : end;
                continue;
            }
            if (letter == '}') {
                open--;
                if (open == 0) {
                    return index == text.length() - 1 ? text.substring(2, index) : null;
                }
            }
            index++;
        }
        return null;
    }

    private static int dollarsEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) == '$') {
            end++;
        }
        return end;
    }

    /** An even number of dollars before a brace is all escapes. */
    private static boolean isOpening(String text, int from, int end) {
        return end < text.length() && text.charAt(end) == '{' && (end - from) % 2 == 1;
    }

    /** The text with all references expanded and {@code $$} still doubled. */
    private String inline(String text) throws Unresolved {
        Deque<StringBuilder> outer = new ArrayDeque<>();
        StringBuilder out = new StringBuilder(text.length());
        int index = 0;
        while (index < text.length()) {
            char letter = text.charAt(index);
            if (letter == '$') {
                int end = dollarsEnd(text, index);
                if (isOpening(text, index, end)) {
                    out.append(text, index, end - 1);
                    outer.push(out);
                    out = new StringBuilder();
                    index = end + 1;
                } else {
                    out.append(text, index, end);
                    index = end;
                }
                continue;
            }
            if (letter == '}' && !outer.isEmpty()) {
                String expanded = inline(retrieve(out.toString()).text());
                out = outer.pop().append(expanded);
            } else {
                out.append(letter);
            }
            index++;
        }
        if (outer.isEmpty()) {
            return out.toString();
        }
        StringBuilder unclosed = new StringBuilder(text.length());
        outer.descendingIterator()
                .forEachRemaining(part -> unclosed.append(part).append("${"));
        if (!quiet) {
            problems.warning(
                    position,
                    path,
                    "a \"${\" is never closed and is read as text; write \"}\" behind the name, or \"$${\" for the text \"${\"");
        }
        return unclosed.append(out).toString();
    }

    private static String unescaped(String text) {
        return text.replace("$$", "$");
    }

    private Retrieved retrieve(String reference) throws Unresolved {
        expansions++;
        if (expansions > EXPANSIONS_MAX) {
            throw new Unresolved("needs more than " + EXPANSIONS_MAX + " expansions; does a variable refer to itself?");
        }
        ConfigSource source = ConfigSource.parseReference(reference);
        Retrieved retrieved = switch (source.kind()) {
            case ENVIRONMENT -> new Retrieved(variable(source.argument()), null);
            case YAML -> new Retrieved(source.argument(), null);
            case FILE -> new Retrieved(file(source.argument()), source.argument());
            case NETWORK -> throw new Unresolved(shown(reference) + ": " + ConfigSource.NETWORK_REFUSED);
            case UNKNOWN ->
                throw new Unresolved(shown(reference) + ": scheme " + Texts.quoted(source.argument())
                        + " is not known (env, file, yaml); write \"$${\" for the text \"${\"");
        };
        expandedLength += retrieved.text().length();
        if (expandedLength > EXPANDED_LENGTH_MAX) {
            throw new Unresolved("all expansions together give more than " + EXPANDED_LENGTH_MAX + " characters");
        }
        return retrieved;
    }

    private static String shown(String reference) {
        return Texts.quoted("${" + reference + "}");
    }

    private String variable(String reference) throws Unresolved {
        int split = reference.indexOf(DEFAULT);
        String name = split < 0 ? reference : reference.substring(0, split);
        if (!NAME.matcher(name).matches()) {
            throw new Unresolved(Texts.quoted(name) + " is no name of a variable (letters, digits, _); write "
                    + Texts.quoted("$${" + reference + "}") + " for the text " + shown(reference));
        }
        String text = environment.apply(name);
        if (text != null) {
            return text;
        }
        if (split >= 0) {
            return reference.substring(split + DEFAULT.length());
        }
        if (!quiet) {
            problems.warning(
                    position,
                    path,
                    "environment variable " + Texts.quoted(name) + " is not set and reads as empty; set it or write "
                            + Texts.quoted("${env:" + name + ":-default}"));
        }
        return "";
    }

    private String file(String name) throws Unresolved {
        String text;
        try {
            text = files.read(name);
        } catch (SourceFiles.Unreadable unreadable) {
            throw new Unresolved("file " + Texts.quoted(name) + ": " + unreadable.reason());
        }
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
