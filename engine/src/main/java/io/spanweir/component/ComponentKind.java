package io.spanweir.component;

/** The five kinds of component, as the sections of the configuration name them. */
public enum ComponentKind {
    RECEIVER("receiver"),
    PROCESSOR("processor"),
    EXPORTER("exporter"),
    CONNECTOR("connector"),
    EXTENSION("extension");

    private final String word;

    ComponentKind(String word) {
        this.word = word;
    }

    /** {@code receiver}, {@code processor}, … */
    public String word() {
        return word;
    }

    /** The section of the configuration: {@code receivers}, {@code processors}, … */
    public String section() {
        return word + "s";
    }
}
