package io.spanweir.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one configuration of several sources: each is read, put over those before it, then {@code --set} on top, and at
 * last references such as {@code ${env:X}} are expanded. Threading: one load at a time.
 *
 * <p>Sources are what the collector takes after {@code --config}: a path, {@code file:PATH}, {@code env:NAME} (a variable
 * that holds YAML) and {@code yaml:TEXT}, in which {@code a::b: c} nests keys.
 */
public final class ConfigLoader {
    private static final String SET = "--set";

    private final Function<String, @Nullable String> environment;
    private final SourceFiles files;

    private ConfigLoader(Function<String, @Nullable String> environment, SourceFiles files) {
        this.environment = environment;
        this.files = files;
    }

    /** Reads variables of this process and files relative to its working directory. */
    public static ConfigLoader system() {
        return of(System::getenv, Path.of(""));
    }

    /**
     * Reads variables and files from elsewhere than {@link #system}.
     *
     * @param environment value of a variable, or null when it is not set
     * @param directory what relative paths are relative to
     */
    public static ConfigLoader of(Function<String, @Nullable String> environment, Path directory) {
        return new ConfigLoader(environment, new SourceFiles(directory));
    }

    /**
     * Loads one configuration. What cannot be read is among the problems, and the rest is loaded all the same, so that one
     * run shows all problems.
     *
     * @param uris what followed {@code --config}, in order
     * @param sets what followed {@code --set}, in order: {@code processors.batch.timeout=2s}, the value in YAML
     */
    public ConfigNode load(List<String> uris, List<String> sets, Problems problems) {
        Value.MapValue merged = null;
        for (String uri : uris) {
            Value.MapValue source = source(uri, problems);
            if (source != null) {
                merged = merged == null ? source : Merge.over(merged, source);
            }
        }
        for (String set : sets) {
            Value.MapValue source = set(set, problems);
            if (source != null) {
                merged = merged == null ? source : Merge.over(merged, source);
            }
        }
        if (merged == null) {
            Position position = uris.isEmpty() ? Position.of("--config") : new Position(nameOf(uris.get(0)), 1, 1);
            merged = new Value.MapValue(position, Map.of(), null);
        }
        return expanded(merged, problems);
    }

    /** Expands one YAML text under a name of its own, for text that has no URI. */
    public ConfigNode loadText(String sourceName, String text, Problems problems) {
        Value.MapValue source = section(YamlReader.read(text, sourceName, null, problems), problems);
        Position start = new Position(sourceName, 1, 1);
        return expanded(source == null ? new Value.MapValue(start, Map.of(), null) : source, problems);
    }

    private ConfigNode expanded(Value.MapValue merged, Problems problems) {
        return ConfigNode.root(new Expander(environment, files, problems).expand(merged), problems);
    }

    private static String nameOf(String uri) {
        ConfigSource source = ConfigSource.parse(uri);
        return switch (source.kind()) {
            case FILE -> source.argument().isEmpty() ? "--config" : source.argument();
            case ENVIRONMENT -> "env:" + source.argument();
            case YAML -> "yaml";
            case NETWORK, UNKNOWN -> uri;
        };
    }

    private Value.@Nullable MapValue source(String uri, Problems problems) {
        String name = nameOf(uri);
        String text = text(ConfigSource.parse(uri), name, problems);
        return text == null ? null : section(YamlReader.read(text, name, null, problems), problems);
    }

    private @Nullable String text(ConfigSource source, String name, Problems problems) {
        Position position = Position.of(name);
        switch (source.kind()) {
            case FILE -> {
                try {
                    return files.read(source.argument());
                } catch (SourceFiles.Unreadable unreadable) {
                    problems.error(position, "", unreadable.reason());
                }
            }
            case ENVIRONMENT -> {
                String text = environment.apply(source.argument());
                if (text == null) {
                    problems.error(position, "", "the environment variable is not set");
                }
                return text;
            }
            case YAML -> {
                return source.argument();
            }
            case NETWORK -> problems.error(position, "", ConfigSource.NETWORK_REFUSED);
            case UNKNOWN ->
                problems.error(
                        position,
                        "",
                        "scheme " + Texts.quoted(source.argument())
                                + " is not known; write a path, \"file:\", \"env:\" or" + " \"yaml:\"");
        }
        return null;
    }

    private static Value.@Nullable MapValue section(@Nullable Value root, Problems problems) {
        if (root == null || root.isNull()) {
            return null;
        }
        if (root instanceof Value.MapValue map) {
            return Merge.nested(map);
        }
        problems.error(
                root.position(),
                "",
                "found " + root.described() + ", expected a section of \"receivers:\", \"service:\" and so on");
        return null;
    }

    private static Value.@Nullable MapValue set(String set, Problems problems) {
        Position position = Position.of(SET);
        int equals = set.indexOf('=');
        String path = equals < 0 ? set.strip() : set.substring(0, equals).strip();
        List<String> keys = Arrays.asList(path.split("\\.|::", -1));
        if (equals < 0 || keys.contains("")) {
            problems.error(
                    position,
                    "",
                    Texts.quoted(path)
                            + " sets nothing; write \"key.key=value\", as in \"processors.batch.timeout=2s\"");
            return null;
        }
        Value value = YamlReader.read(set.substring(equals + 1).strip(), SET + " " + path, position, problems);
        return value == null ? null : Merge.nested(keys, new Value.Entry(position, value));
    }
}
