package io.spanweir.processor.tailsampling;

import io.spanweir.telemetry.Counter;
import io.spanweir.telemetry.MetricRegistry;
import java.util.List;

/**
 * The compiled policies of one lane and the outcome of the last decision. Drop policies are asked first, the first that drops
 * ends it; then all others in order. Of those that sampled, the one with the smallest threshold counts, since the others' traces
 * are among those that it keeps; the first one if they are equal. Threading: lane.
 */
final class Policies {
    /** The number of the policy when none was decisive. */
    static final int NO_POLICY = -1;

    private final DecisionRule[] dropRules;
    private final int[] dropNumbers;
    private final DecisionRule[] rules;
    private final int[] numbers;
    private final boolean stopAtFirst;
    private final boolean byChance;
    private final boolean dropsByChance;
    private final Counter[] sampledBy;
    private final Counter[] notSampledBy;
    private final Counter[] droppedBy;

    private Decision decision = Decision.NOT_SAMPLED;
    private int policy = NO_POLICY;
    private long vote;

    Policies(
            List<PolicyConfig> policies,
            boolean sampleOnFirstMatch,
            PolicyCompiler compiler,
            MetricRegistry metrics,
            String labelPrefix) {
        int count = policies.size();
        int dropCount = (int) policies.stream().filter(Policies::drops).count();
        dropRules = new DecisionRule[dropCount];
        dropNumbers = new int[dropCount];
        rules = new DecisionRule[count - dropCount];
        numbers = new int[count - dropCount];
        sampledBy = new Counter[count];
        notSampledBy = new Counter[count];
        droppedBy = new Counter[count];
        int drop = 0;
        int other = 0;
        for (int number = 0; number < count; number++) {
            PolicyConfig config = policies.get(number);
            DecisionRule rule = compiler.compile(config);
            if (drops(config)) {
                dropNumbers[drop] = number;
                dropRules[drop++] = rule;
            } else {
                numbers[other] = number;
                rules[other++] = rule;
            }
            String label = labelPrefix + config.name();
            sampledBy[number] = counter(metrics, label, Decision.SAMPLED);
            notSampledBy[number] = counter(metrics, label, Decision.NOT_SAMPLED);
            droppedBy[number] = counter(metrics, label, Decision.DROPPED);
        }
        stopAtFirst = sampleOnFirstMatch;
        byChance = policies.stream().anyMatch(PolicyConfig::byChance);
        dropsByChance = policies.stream().filter(Policies::drops).anyMatch(PolicyConfig::byChance);
    }

    private static boolean drops(PolicyConfig policy) {
        return policy instanceof DropPolicyConfig;
    }

    private static Counter counter(MetricRegistry metrics, String label, Decision decision) {
        String sampled = String.valueOf(decision == Decision.SAMPLED);
        return metrics.counter(TailSamplingMetric.COUNT_TRACES_SAMPLED, label, sampled, decision.label());
    }

    /** Whether some policy samples by chance or rate, so that thresholds must be written. */
    boolean byChance() {
        return byChance;
    }

    /** Decides; the outcome stays until the next call. */
    Decision decide(TraceSummary trace) {
        decision = Decision.NOT_SAMPLED;
        policy = NO_POLICY;
        vote = Vote.NOT_SAMPLED;
        for (int i = 0; i < dropRules.length; i++) {
            boolean drops = dropRules[i].vote(trace) == Vote.DROPPED;
            (drops ? droppedBy : notSampledBy)[dropNumbers[i]].increment();
            if (drops) {
                decision = Decision.DROPPED;
                policy = dropNumbers[i];
                return decision;
            }
        }
        for (int i = 0; i < rules.length; i++) {
            long one = rules[i].vote(trace);
            boolean samples = Vote.isSampled(one);
            (samples ? sampledBy : notSampledBy)[numbers[i]].increment();
            if (samples) {
                sampled(one, numbers[i]);
                if (stopAtFirst) {
                    break;
                }
            }
        }
        if (dropsByChance && decision == Decision.SAMPLED) {
            vote = Vote.SAMPLED_UNKNOWN;
        }
        return decision;
    }

    private void sampled(long one, int number) {
        boolean better =
                decision != Decision.SAMPLED || (vote == Vote.SAMPLED_UNKNOWN && one >= 0) || (one >= 0 && one < vote);
        decision = Decision.SAMPLED;
        if (better) {
            vote = one;
            policy = number;
        }
    }

    /** Number of the policy that was decisive in the configuration's order, or {@link #NO_POLICY}. */
    int policy() {
        return policy;
    }

    /** Of a sampled trace: its threshold or {@link Vote#SAMPLED_UNKNOWN}. */
    long vote() {
        return vote;
    }
}
