package io.spanweir.receiver.nop;

import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverConfig;
import io.spanweir.component.ReceiverContext;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code nop}: has no options and receives nothing. */
public final class NopReceiverFactory implements ReceiverFactory {
    @Override
    public String type() {
        return "nop";
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
        return new NopReceiverConfig();
    }

    private record NopReceiverConfig() implements ReceiverConfig {
        @Override
        public Receiver build(ReceiverContext context) {
            return new NopReceiver();
        }
    }

    private static final class NopReceiver implements Receiver {
        @Override
        public void start() {
            // There is nothing to listen to.
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }
}
