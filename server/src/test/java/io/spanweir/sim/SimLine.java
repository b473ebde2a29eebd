package io.spanweir.sim;

import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pipeline of a drawn topology, as the oracle sees it. */
final class SimLine {
    final String name;
    final Signal signal;
    final @Nullable SimLine before;
    final List<SimLine> next = new ArrayList<>();
    /** Exporters by name, {@code out/x}. */
    final List<String> exporters = new ArrayList<>();

    final List<String> processors = new ArrayList<>();
    /** Null without tail sampling. */
    @Nullable
    List<SimPolicy> policies;

    long waitNanos;
    int numTraces;
    /** Whether the attribute {@code fill} is called {@code note} from here on. */
    boolean renames;
    /** Whether resources have a region from here on. */
    boolean movesToRegion;
    /** The number of the edit that it makes to every third span, or -1. */
    int mark = -1;

    SimLine(String name, Signal signal, @Nullable SimLine before) {
        this.name = name;
        this.signal = signal;
        this.before = before;
    }

    boolean samples() {
        return policies != null;
    }

    boolean writesThresholds() {
        return policies != null && policies.stream().anyMatch(SimPolicy::byChance);
    }

    /** Whether no processor from the receiver to its end keeps data. */
    boolean direct() {
        return !samples() && (before == null || before.direct());
    }

    String first() {
        return name + "-first";
    }

    String last() {
        return name + "-last";
    }
}
