package io.spanweir.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Collects everything that is wrong with a configuration, so that its author sees all of it at once. A problem that is
 * found twice is kept once. Threading: one thread at a time.
 */
public final class Problems {
    /** What is kept; a hostile or generated configuration could otherwise fill memory with messages. */
    static final int COUNT_MAX = 1_000;

    private final Set<Problem> found = new LinkedHashSet<>();

    /** Records what makes the configuration unusable. */
    public void error(Position position, String path, String message) {
        add(Problem.Severity.ERROR, position, path, message);
    }

    /** Records what the author should know although the configuration works. */
    public void warning(Position position, String path, String message) {
        add(Problem.Severity.WARNING, position, path, message);
    }

    /** Names and values are the author's: whatever is in them, a problem stays one line of bounded length. */
    private void add(Problem.Severity severity, Position position, String path, String message) {
        if (found.size() < COUNT_MAX) {
            found.add(new Problem(severity, position, Texts.line(path), Texts.line(message)));
        }
    }

    /** Whether something is wrong with that option at that place already. */
    boolean hasError(Position position, String path) {
        String shown = Texts.line(path);
        for (Problem problem : found) {
            if (problem.severity() == Problem.Severity.ERROR
                    && problem.position().equals(position)
                    && problem.path().equals(shown)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is room for more; what is found beyond that need not be worded well. */
    public boolean full() {
        return found.size() >= COUNT_MAX;
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }

    /** All problems: sources in the order they came up, in each from the top down. */
    public List<Problem> list() {
        Map<String, Integer> sources = new HashMap<>();
        for (Problem problem : found) {
            sources.putIfAbsent(problem.position().source(), sources.size());
        }
        List<Problem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.<Problem>comparingInt(
                        problem -> sources.getOrDefault(problem.position().source(), 0))
                .thenComparingInt(problem -> problem.position().line())
                .thenComparingInt(problem -> problem.position().column()));
        return List.copyOf(sorted);
    }

    /** The errors, in the order of {@link #list}. */
    public List<Problem> errors() {
        return only(Problem.Severity.ERROR);
    }

    /** The warnings, in the order of {@link #list}. */
    public List<Problem> warnings() {
        return only(Problem.Severity.WARNING);
    }

    private List<Problem> only(Problem.Severity severity) {
        List<Problem> some = new ArrayList<>();
        for (Problem problem : list()) {
            if (problem.severity() == severity) {
                some.add(problem);
            }
        }
        return List.copyOf(some);
    }

    /** One problem a line, in the order of {@link #list}. */
    @Override
    public String toString() {
        return list().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
