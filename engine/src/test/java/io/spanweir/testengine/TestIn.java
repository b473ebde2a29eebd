package io.spanweir.testengine;

import io.spanweir.component.Intake;
import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverConfig;
import io.spanweir.component.ReceiverContext;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.memory.TransitRegion;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A receiver without a network: the test hands messages to it. Type {@code in}. */
public final class TestIn implements ReceiverFactory {
    private final Map<String, TestReceiver> receivers = new HashMap<>();

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
        return context -> {
            TestReceiver receiver = new TestReceiver(context);
            receivers.put(context.id().toString(), receiver);
            return receiver;
        };
    }

    public Intake.Admission push(Signal signal, byte[] message) {
        return push("in", signal, message, null);
    }

    public Intake.Admission push(String receiver, Signal signal, byte[] message, @Nullable Settlement settlement) {
        return receiver(receiver).push(signal, message, settlement);
    }

    public TestReceiver receiver(String id) {
        return receivers.get(id);
    }

    /** One instance of the receiver. */
    public static final class TestReceiver implements Receiver {
        private final ReceiverContext context;
        private final Map<Signal, Intake> intakes = new HashMap<>();

        private TestReceiver(ReceiverContext context) {
            this.context = context;
        }

        @Override
        public void start() {
            for (Signal signal : Signal.values()) {
                if (context.receives(signal)) {
                    intakes.put(signal, context.intake(signal, "test"));
                }
            }
        }

        @Override
        public void stop() {
            intakes.values().forEach(Intake::close);
        }

        public Intake intake(Signal signal) {
            return intakes.get(signal);
        }

        Intake.Admission push(Signal signal, byte[] message, @Nullable Settlement settlement) {
            Intake intake = intakes.get(signal);
            TransitRegion region = intake.reserve(message.length);
            if (region == null) {
                return Intake.Admission.REFUSED;
            }
            System.arraycopy(message, 0, region.bytes(), region.offset(), message.length);
            return intake.publish(region, message.length, ClientMetadata.EMPTY, settlement);
        }
    }
}
