package io.spanweir.component;

/** How far a component can be relied on; the collector's words. */
public enum Stability {
    DEVELOPMENT,
    ALPHA,
    BETA,
    STABLE
}
