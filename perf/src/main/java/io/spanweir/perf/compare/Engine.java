package io.spanweir.perf.compare;

/** What is measured. */
enum Engine {
    SPANWEIR("spanweir", "Spanweir"),
    /** The OpenTelemetry Collector; its binary is named by {@code OTELCOL}. */
    COLLECTOR("otelcol", "Collector"),
    /** The OTel-Arrow dataflow engine; its binary is named by {@code DFE}. */
    DATAFLOW("dfe", "Rust engine");

    private final String id;
    private final String title;

    Engine(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** As on the command line and in JSON. */
    String id() {
        return id;
    }

    String title() {
        return title;
    }
}
