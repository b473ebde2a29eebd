package io.spanweir.memory;

/** Told when compaction has moved the first or the last record of a chain. Threading: lane. */
public interface Relocation {
    /**
     * Whoever remembers {@code from} as the first or last record of {@code owner}'s chain remembers {@code to} from now on;
     * a chain of one record is both. Called during {@link HeldMemory#compact}; must not change held memory.
     */
    void moved(int owner, int from, int to);
}
