package io.spanweir.perf.compare;

import io.spanweir.perf.load.LoadProtocol;

/** What an engine is asked to do in a case; its configuration for each engine is in {@link WorkConfig}. */
enum Work {
    DISCARD(LoadProtocol.GRPC),
    PASS_GRPC(LoadProtocol.GRPC),
    PASS_HTTP(LoadProtocol.HTTP),
    PASS_HTTP_GZIP(LoadProtocol.HTTP_GZIP),
    RENAME(LoadProtocol.GRPC),
    TAIL_SAMPLING(LoadProtocol.GRPC);

    private final LoadProtocol protocol;

    Work(LoadProtocol protocol) {
        this.protocol = protocol;
    }

    /** On both sides of the engine. */
    LoadProtocol protocol() {
        return protocol;
    }

    /** Whether every accepted span must arrive at the sink. */
    boolean deliversAll() {
        return this != DISCARD && this != TAIL_SAMPLING;
    }

    /** The Rust engine has no tail sampling. */
    boolean possible(Engine engine) {
        return engine != Engine.DATAFLOW || this != TAIL_SAMPLING;
    }
}
