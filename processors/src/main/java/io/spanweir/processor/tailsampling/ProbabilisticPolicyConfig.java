package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import io.spanweir.sampling.Fnv1a;
import io.spanweir.sampling.Threshold;

/** {@code probabilistic}: keeps a share of all traces. */
record ProbabilisticPolicyConfig(String name, double samplingPercentage, int precision, Mode mode, String hashSalt)
        implements PolicyConfig {
    enum Mode {
        /** By the trace's randomness, as the OpenTelemetry specification has it; the share travels in tracestate. */
        CONSISTENT,
        /** By the collector's hash of the trace id. */
        HASH
    }

    static ProbabilisticPolicyConfig decode(String name, ConfigNode body) {
        double percentage = body.percentage("sampling_percentage").or(0.0);
        int precision = body.integer("sampling_precision")
                .atLeast(1)
                .atMost(Threshold.DIGITS_MAX)
                .or(Threshold.DEFAULT_PRECISION);
        String salt = body.string("hash_salt").or("");
        Mode mode = body.enumeration("mode", Mode.class).or(salt.isEmpty() ? Mode.CONSISTENT : Mode.HASH);
        if (mode == Mode.CONSISTENT && !salt.isEmpty()) {
            body.problem("mode", "\"consistent\" uses no hash_salt; remove hash_salt, or write mode: hash");
        }
        return new ProbabilisticPolicyConfig(name, percentage, precision, mode, salt);
    }

    @Override
    public boolean byChance() {
        return true;
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        if (mode == Mode.HASH) {
            long salted = Fnv1a.salted(hashSalt);
            long limit = Fnv1a.limit(samplingPercentage);
            return trace -> {
                long hash = Fnv1a.hashBigEndian(Fnv1a.hashBigEndian(salted, trace.idHigh()), trace.idLow());
                return Fnv1a.keeps(hash, limit) ? Vote.SAMPLED_UNKNOWN : Vote.NOT_SAMPLED;
            };
        }
        compiler.facts().randomness();
        long threshold = Threshold.of(samplingPercentage / 100, precision);
        return trace -> Threshold.keeps(threshold, trace.randomness()) ? threshold : Vote.NOT_SAMPLED;
    }
}
