package io.spanweir.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads one YAML document into {@link Value}s with places.
 *
 * <p>Works on the parser's events and not on its node tree: only events tell a written tag from a guessed one, and every
 * limit (depth, number of values, aliases) can be reported where it is passed. Aliases share the value that they stand
 * for; the limit on values counts them each time, so that a few lines cannot stand for millions. Threading: one use.
 */
final class YamlReader {
    static final int DEPTH_MAX = 100;
    static final int NODE_COUNT_MAX = 100_000;
    static final int CODE_POINTS_MAX = 3 * 1024 * 1024;
    static final int KEY_LENGTH_MAX = 1024;

    private static final String TAG = "tag:yaml.org,2002:";

    private final String source;
    private final @Nullable Position fixed;
    private final Problems problems;
    private final Map<String, Value> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();
    private Parser parser = new ParserImpl(new WholeText(""), new LoaderOptions());
    private long nodeCount;

    /** Ends reading after a problem that leaves nothing to go on with. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super(null, null, false, false);
        }
    }

    private YamlReader(String source, @Nullable Position fixed, Problems problems) {
        this.source = source;
        this.fixed = fixed;
        this.problems = problems;
    }

    /**
     * The document, or null when it is not YAML, which is then among the problems. An empty text is null as YAML knows it.
     *
     * @param fixed the place of every value when the text has no places of its own, as that of a variable; else null
     */
    static @Nullable Value read(String text, String source, @Nullable Position fixed, Problems problems) {
        return new YamlReader(source, fixed, problems).document(text);
    }

    private @Nullable Value document(String text) {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Position start = fixed == null ? new Position(source, 1, 1) : fixed;
        if (content.length() > CODE_POINTS_MAX) {
            problems.error(
                    start,
                    "",
                    "has " + content.length() + " characters; at most " + CODE_POINTS_MAX
                            + " are read, split it over several --config sources");
            return null;
        }
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEPTH_MAX);
        options.setCodePointLimit(CODE_POINTS_MAX);
        try {
            parser = new ParserImpl(new WholeText(content), options);
            return single(start);
        } catch (Stop reported) {
            return null;
        } catch (MarkedYAMLException exception) {
            problems.error(place(exception), "", Syntax.message(exception));
        } catch (ReaderException exception) {
            problems.error(place(content, exception.getPosition()), "", Syntax.unprintable(exception.getCodePoint()));
        } catch (YAMLException exception) {
            problems.error(start, "", "is not YAML: " + exception.getMessage());
        }
        return null;
    }

    private Value single(Position start) {
        parser.getEvent();
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return Value.ScalarValue.nothing(start);
        }
        parser.getEvent();
        Value value = value(parser.getEvent(), 1);
        parser.getEvent();
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            Position second = place(parser.peekEvent().getStartMark());
            throw stop(
                    second,
                    "a second document starts here; a source is one document, so remove the \"---\" or give each document"
                            + " as its own --config");
        }
        return value;
    }

    private Value value(Event event, int depth) {
        if (depth > DEPTH_MAX) {
            throw stop(place(event.getStartMark()), "is nested deeper than " + DEPTH_MAX + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            openAnchors.add(anchor);
        }
        count(1, event);
        Value value;
        if (event instanceof ScalarEvent scalar) {
            value = scalar(scalar);
        } else if (event instanceof MappingStartEvent start) {
            value = map(start, depth);
        } else {
            value = list((CollectionStartEvent) event, depth);
        }
        if (anchor != null) {
            openAnchors.remove(anchor);
            anchors.put(anchor, value);
        }
        return value;
    }

    private Value aliased(AliasEvent alias) {
        String anchor = alias.getAnchor();
        Position position = place(alias.getStartMark());
        if (openAnchors.contains(anchor)) {
            throw stop(position, "\"*" + anchor + "\" stands for a value that it is part of");
        }
        Value value = anchors.get(anchor);
        if (value == null) {
            throw stop(
                    position,
                    "\"*" + anchor + "\" has no \"&" + anchor + "\" before it"
                            + Texts.suggestion(anchor, anchors.keySet(), "known"));
        }
        count(value.nodeCount(), alias);
        return value;
    }

    private void count(long added, Event event) {
        nodeCount += added;
        if (nodeCount > NODE_COUNT_MAX) {
            throw stop(
                    place(event.getStartMark()),
                    "more than " + NODE_COUNT_MAX + " values up to here, aliases counted each time they are used");
        }
    }

    private Value list(CollectionStartEvent start, int depth) {
        checkTag(start, "seq");
        List<Value> items = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            items.add(value(parser.getEvent(), depth + 1));
        }
        parser.getEvent();
        return new Value.ListValue(place(start.getStartMark()), items, null);
    }

    private Value map(MappingStartEvent start, int depth) {
        checkTag(start, "map");
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        Map<String, Value.Entry> merged = new LinkedHashMap<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Event keyEvent = parser.getEvent();
            Position keyPosition = place(keyEvent.getStartMark());
            String key = key(keyEvent);
            Value value = value(parser.getEvent(), depth + 1);
            if (isMerge(keyEvent)) {
                merge(keyPosition, value, merged);
                continue;
            }
            Value.Entry first = entries.putIfAbsent(key, new Value.Entry(keyPosition, value));
            if (first != null) {
                problems.error(keyPosition, "", repeated(key, first.keyPosition()));
            }
        }
        parser.getEvent();
        merged.forEach(entries::putIfAbsent);
        return new Value.MapValue(place(start.getStartMark()), entries, null);
    }

    private static String repeated(String key, Position first) {
        String where = first.line() == 0 ? "" : " in line " + first.line();
        return Texts.quoted(key) + " is here twice, first" + where + "; keep one";
    }

    private String key(Event event) {
        Position position = place(event.getStartMark());
        if (event instanceof AliasEvent alias) {
            if (anchors.get(alias.getAnchor()) instanceof Value.ScalarValue scalar) {
                return scalar.text();
            }
            throw stop(position, "a key must be text, and \"*" + alias.getAnchor() + "\" is not");
        }
        if (!(event instanceof ScalarEvent scalar)) {
            throw stop(position, "a key must be text, not a section or list; write \"key: value\"");
        }
        Value.ScalarValue key = scalar(scalar);
        if (key.isNull() && key.text().isEmpty()) {
            throw stop(position, "a key is missing before the colon");
        }
        if (key.text().length() > KEY_LENGTH_MAX) {
            throw stop(position, "a key of " + key.text().length() + " characters; at most " + KEY_LENGTH_MAX);
        }
        if (scalar.getAnchor() != null) {
            anchors.put(scalar.getAnchor(), key);
        }
        count(1, event);
        return key.text();
    }

    private static boolean isMerge(Event key) {
        return key instanceof ScalarEvent scalar
                && scalar.isPlain()
                && scalar.getValue().equals("<<");
    }

    /** Keys of the map win over merged ones, earlier maps of a merged list over later ones. */
    private void merge(Position keyPosition, Value value, Map<String, Value.Entry> merged) {
        if (value instanceof Value.MapValue map) {
            map.entries().forEach(merged::putIfAbsent);
            return;
        }
        if (value instanceof Value.ListValue list
                && list.items().stream().allMatch(item -> item instanceof Value.MapValue)) {
            list.items().forEach(item -> merge(keyPosition, item, merged));
            return;
        }
        problems.error(keyPosition, "", "\"<<\" merges a section or a list of sections, found " + value.described());
    }

    private Value.ScalarValue scalar(ScalarEvent event) {
        Position position = place(event.getStartMark());
        String text = event.getValue();
        boolean quoted = !event.isPlain();
        String tag = event.getTag();
        if (tag == null) {
            Scalars.Kind kind = quoted ? Scalars.Kind.STRING : Scalars.kindOf(text);
            return new Value.ScalarValue(position, text, kind, quoted, null);
        }
        Scalars.Kind kind = kindOf(tag);
        if (kind == null) {
            problems.error(position, "", refusedTag(tag));
            return Value.ScalarValue.nothing(position);
        }
        if (!fits(text, kind)) {
            problems.error(
                    position, "", Texts.quoted(text) + " is no " + Texts.quoted(shownTag(tag)) + "; remove the tag");
            return Value.ScalarValue.nothing(position);
        }
        return new Value.ScalarValue(position, text, kind, kind == Scalars.Kind.STRING, null);
    }

    private static Scalars.@Nullable Kind kindOf(String tag) {
        return switch (tag) {
            case "!", TAG + "str" -> Scalars.Kind.STRING;
            case TAG + "bool" -> Scalars.Kind.BOOLEAN;
            case TAG + "int" -> Scalars.Kind.INTEGER;
            case TAG + "float" -> Scalars.Kind.DECIMAL;
            case TAG + "null" -> Scalars.Kind.NULL;
            default -> null;
        };
    }

    private static boolean fits(String text, Scalars.Kind kind) {
        return switch (kind) {
            case BOOLEAN -> Scalars.booleanOf(text) != null;
            case INTEGER -> Scalars.integerOf(text) != null;
            case DECIMAL -> Scalars.decimalOf(text) != null;
            case NULL -> Scalars.kindOf(text) == Scalars.Kind.NULL;
            case STRING -> true;
        };
    }

    private void checkTag(CollectionStartEvent start, String expected) {
        String tag = start.getTag();
        if (tag != null && !tag.equals(TAG + expected) && !tag.equals("!")) {
            problems.error(place(start.getStartMark()), "", refusedTag(tag));
        }
    }

    private static String refusedTag(String tag) {
        return "tag " + Texts.quoted(shownTag(tag))
                + " is not known; remove it (known: !!str, !!bool, !!int, !!float, !!null," + " !!map, !!seq)";
    }

    private static String shownTag(String tag) {
        return tag.startsWith(TAG) ? "!!" + tag.substring(TAG.length()) : tag;
    }

    private Stop stop(Position position, String message) {
        problems.error(position, "", message);
        return new Stop();
    }

    private Position place(Mark mark) {
        return fixed == null ? new Position(source, mark.getLine() + 1, mark.getColumn() + 1) : fixed;
    }

    private Position place(MarkedYAMLException exception) {
        Mark mark = Syntax.mark(exception);
        return mark == null ? Position.of(source) : place(mark);
    }

    private Position place(String content, int index) {
        if (fixed != null) {
            return fixed;
        }
        int line = 1;
        int column = 1;
        for (int at = 0; at < Math.min(index, content.length()); at++) {
            boolean newLine = content.charAt(at) == '\n';
            line += newLine ? 1 : 0;
            column = newLine ? 1 : column + 1;
        }
        return new Position(source, line, column);
    }
}
