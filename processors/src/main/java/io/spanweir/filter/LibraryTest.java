package io.spanweir.filter;

import io.spanweir.data.ScopeView;
import org.jspecify.annotations.Nullable;

/** Whether a scope has a name, and a version where one is asked for. Threading: lane. */
record LibraryTest(TextTest name, @Nullable TextTest version) {
    boolean matches(ScopeView scope) {
        return name.matches(scope.nameBytes(), scope.nameOffset(), scope.nameLength())
                && (version == null
                        || version.matches(scope.versionBytes(), scope.versionOffset(), scope.versionLength()));
    }
}
