package io.spanweir.sim;

import io.spanweir.component.Intake;
import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverConfig;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.memory.TransitRegion;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A receiver with several I/O threads and no network. Type {@code in}. */
final class SimIn implements ReceiverFactory {
    private final int intakeCount;
    private final List<Signal> signals;
    private final Runnable onStop;
    final List<Door> doors = new ArrayList<>();

    /** One I/O thread and signal: its intake and the request that it has read but not handed on. */
    static final class Door {
        final Signal signal;
        final Intake intake;

        @Nullable
        TransitRegion region;

        SimTraffic.@Nullable Request request;

        Door(Signal signal, Intake intake) {
            this.signal = signal;
            this.intake = intake;
        }
    }

    /** @param onStop what is under way is finished there, before the doors close */
    SimIn(int intakeCount, List<Signal> signals, Runnable onStop) {
        this.intakeCount = intakeCount;
        this.signals = signals;
        this.onStop = onStop;
    }

    @Override
    public String type() {
        return "in";
    }

    @Override
    public Stability stability() {
        return Stability.STABLE;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ReceiverConfig decode(ConfigNode yaml) {
        return context -> new Receiver() {
            @Override
            public void start() {
                for (int i = 0; i < intakeCount; i++) {
                    for (Signal signal : signals) {
                        doors.add(new Door(signal, context.intake(signal, "sim")));
                    }
                }
            }

            @Override
            public void stop() {
                onStop.run();
                doors.forEach(door -> door.intake.close());
            }
        };
    }
}
