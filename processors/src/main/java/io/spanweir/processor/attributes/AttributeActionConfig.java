package io.spanweir.processor.attributes;

import com.google.re2j.Pattern;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Suggestions;
import io.spanweir.filter.Expressions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of a list.
 *
 * @param key what it acts on; "" when only {@code pattern} is set
 * @param pattern expression that keys match (delete, hash), or with named groups that the value matches (extract); or ""
 */
record AttributeActionConfig(
        ActionType action, String key, ValueSourceConfig source, String pattern, ConvertedType convertedType) {
    private static final List<String> WORDS =
            Arrays.stream(ActionType.values()).map(ActionType::word).toList();

    /** Stands for one with problems. */
    private static final AttributeActionConfig BROKEN =
            new AttributeActionConfig(ActionType.DELETE, "", ValueSourceConfig.NONE, "", ConvertedType.STRING);

    static AttributeActionConfig decode(ConfigNode yaml) {
        String word = yaml.string("action").required();
        int index = WORDS.indexOf(word.toLowerCase(Locale.ROOT));
        if (index < 0) {
            yaml.children(); // what an unknown action has is not a problem of its own
            if (!word.isEmpty()) {
                String hint = Suggestions.didYouMean(word, WORDS);
                yaml.problem(
                        "action",
                        "\"" + word + "\" is no action"
                                + (hint.isEmpty() ? "; known: " + String.join(", ", WORDS) : hint));
            }
            return BROKEN;
        }
        ActionType action = ActionType.values()[index];
        String pattern = yaml.string("pattern").or("");
        String key = key(yaml, action, pattern);
        ValueSourceConfig source = ValueSourceConfig.NONE;
        if (action.putsValue()) {
            source = ValueSourceConfig.decode(yaml, action);
        } else {
            refuse(yaml, action, "value");
            refuse(yaml, action, "from_attribute");
            yaml.ignored("from_context", noEffect(action));
            yaml.ignored("default_value", noEffect(action));
        }
        if (action.putsValue() || action == ActionType.CONVERT) {
            refuse(yaml, action, "pattern");
        } else {
            checkPattern(yaml, action, pattern);
        }
        ConvertedType type = ConvertedType.STRING;
        if (action == ActionType.CONVERT) {
            type = yaml.enumeration("converted_type", ConvertedType.class).required();
        } else {
            refuse(yaml, action, "converted_type");
        }
        return new AttributeActionConfig(action, key, source, pattern, type);
    }

    private static String key(ConfigNode yaml, ActionType action, String pattern) {
        boolean keyOrPattern = action == ActionType.DELETE || action == ActionType.HASH;
        if (!keyOrPattern) {
            return yaml.string("key").required();
        }
        String key = yaml.string("key").or("");
        if (key.isEmpty() && pattern.isEmpty()) {
            yaml.problem("has neither key nor pattern; action \"" + action.word() + "\" needs at least one of them");
        }
        return key;
    }

    private static void refuse(ConfigNode yaml, ActionType action, String option) {
        yaml.refused(option, "is not used by action \"" + action.word() + "\"; remove it");
    }

    /** The collector ignores these with most actions. */
    private static String noEffect(ActionType action) {
        return "has no effect with action \"" + action.word() + "\"; remove it";
    }

    private static void checkPattern(ConfigNode yaml, ActionType action, String pattern) {
        if (pattern.isEmpty()) {
            if (action == ActionType.EXTRACT) {
                yaml.string("pattern").required();
            }
            return;
        }
        Pattern compiled = Expressions.compile(yaml, "pattern", pattern);
        if (compiled == null || action != ActionType.EXTRACT) {
            return;
        }
        if (compiled.groupCount() == 0) {
            yaml.problem("pattern", "\"" + pattern + "\" has no group; write what becomes an attribute as (?P<key>…)");
        } else if (compiled.namedGroups().size() < compiled.groupCount()) {
            yaml.problem(
                    "pattern",
                    "\"" + pattern + "\" has a group without a name; write (?P<key>…), or (?:…) for a group that"
                            + " becomes no attribute");
        }
    }

    AttributeAction compile() {
        return switch (action) {
            case INSERT -> new PutAction(key, PutAction.When.ABSENT, source.compile());
            case UPDATE -> new PutAction(key, PutAction.When.PRESENT, source.compile());
            case UPSERT -> new PutAction(key, PutAction.When.ALWAYS, source.compile());
            case DELETE -> new DeleteAction(key, pattern);
            case HASH -> new HashAction(key, pattern);
            case EXTRACT -> new ExtractAction(key, Pattern.compile(pattern));
            case CONVERT -> new ConvertAction(key, convertedType);
        };
    }

    /**
     * The action that does what this and the next one do, or null: a copy whose original is deleted is a rename, which is
     * one edit instead of two.
     */
    @Nullable
    AttributeAction compileWith(AttributeActionConfig next) {
        boolean copies = (action == ActionType.INSERT || action == ActionType.UPSERT)
                && !source.fromAttribute().isEmpty()
                && source.defaultValue() == null
                && !source.fromAttribute().equals(key);
        boolean deletesOriginal =
                next.action == ActionType.DELETE && next.pattern.isEmpty() && next.key.equals(source.fromAttribute());
        return copies && deletesOriginal
                ? new RenameAction(source.fromAttribute(), key, action == ActionType.UPSERT)
                : null;
    }

    /** The names of an expression's groups by their numbers less one. */
    static List<String> groupNames(Pattern pattern) {
        return pattern.namedGroups().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }
}
