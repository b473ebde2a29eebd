package io.spanweir.filter;

import io.spanweir.config.ConfigNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of {@code libraries}: an instrumentation scope.
 *
 * @param version null for any version, "" for none
 */
public record LibraryMatchConfig(String name, @Nullable String version) {
    static LibraryMatchConfig decode(ConfigNode yaml) {
        return new LibraryMatchConfig(
                yaml.string("name").or(""), yaml.string("version").orNull());
    }

    LibraryTest compile(TextMatch match) {
        String wanted = version;
        return new LibraryTest(match.test(List.of(name)), wanted == null ? null : match.test(List.of(wanted)));
    }
}
