package io.spanweir.receiver.otlp;

import io.spanweir.component.Receiver;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.wire.Signal;

/** A receiver that listens on free ports of 127.0.0.1, configured by YAML. */
final class Running implements AutoCloseable {
    final RecordingContext context;
    final Receiver receiver;
    private boolean stopped;

    private Running(RecordingContext context, Receiver receiver) {
        this.context = context;
        this.receiver = receiver;
    }

    static Running http(String options, Signal... signals) throws Exception {
        return start(
                new RecordingContext(signals), "protocols: {http: {endpoint: \"127.0.0.1:0\"" + more(options) + "}}");
    }

    static Running grpc(String options, Signal... signals) throws Exception {
        return start(
                new RecordingContext(signals), "protocols: {grpc: {endpoint: \"127.0.0.1:0\"" + more(options) + "}}");
    }

    private static String more(String options) {
        return options.isEmpty() ? "" : ", " + options;
    }

    static Running start(RecordingContext context, String yaml) throws Exception {
        Receiver receiver = decode(yaml).build(context);
        receiver.start();
        return new Running(context, receiver);
    }

    static OtlpReceiverConfig decode(String yaml) {
        Problems problems = new Problems();
        OtlpReceiverConfig config =
                ConfigNode.parse("test.yaml", yaml, problems).decode(OtlpReceiverConfig::decode);
        if (problems.hasErrors()) {
            throw new IllegalArgumentException(problems.toString());
        }
        return config;
    }

    void stop() {
        if (!stopped) {
            stopped = true;
            receiver.stop();
        }
    }

    /** Stops; whatever the test did, no intake is left open and no byte of transit memory is held. */
    @Override
    public void close() {
        stop();
        if (context.intakesOpen.get() != 0 || context.transit.usedBytes() != 0) {
            throw new AssertionError(context.intakesOpen + " intakes open, " + context.transit);
        }
    }
}
