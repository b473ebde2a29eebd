package io.spanweir.sim;

/** An invariant that does not hold. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String invariant;

    Violation(String invariant, String facts) {
        super(invariant + ": " + facts);
        this.invariant = invariant;
    }

    /** The name of the invariant, the same for every seed. */
    String invariant() {
        return invariant;
    }
}
