package io.spanweir.component;

import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.Signal;
import java.net.InetSocketAddress;

/** What the engine hands a receiver. Threading: any thread. */
public interface ReceiverContext {
    ComponentId id();

    /** Whether a pipeline of this signal lists the receiver; what it does not list is answered as unimplemented. */
    boolean receives(Signal signal);

    /**
     * A way in for the exclusive use of one I/O thread.
     *
     * @param transport a label of the metrics: {@code grpc}, {@code http}
     */
    Intake intake(Signal signal, String transport);

    OtlpLimits limits();

    Clock clock();

    MetricRegistry metrics();

    /** Says where the receiver really listens, for logs, tests and the demo. */
    void listening(String what, InetSocketAddress address);
}
