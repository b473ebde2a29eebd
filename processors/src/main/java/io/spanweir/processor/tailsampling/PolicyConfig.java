package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One of {@code policies}. Immutable. */
sealed interface PolicyConfig
        permits AlwaysSamplePolicyConfig,
                LatencyPolicyConfig,
                NumericAttributePolicyConfig,
                StringAttributePolicyConfig,
                BooleanAttributePolicyConfig,
                StatusCodePolicyConfig,
                ProbabilisticPolicyConfig,
                RateLimitingPolicyConfig,
                SpanCountPolicyConfig,
                TraceStatePolicyConfig,
                AndPolicyConfig,
                NotPolicyConfig,
                DropPolicyConfig {

    /** Types that exist, but not in every place. */
    Set<String> OUTER_TYPES = Set.of("and", "not", "drop");

    /** Of the collector's types those that are not here: no slips of the pen. */
    Set<String> ABSENT_TYPES = Set.of("bytes_limiting", "composite", "ottl_condition", "trace_flags");

    String name();

    /** Whether it samples by chance or by rate, so that what it keeps stands for traces that it did not keep. */
    default boolean byChance() {
        return false;
    }

    /** Adds to the facts what this policy must know of each span; returns how to decide from them, once, at the decision. */
    DecisionRule compile(PolicyCompiler compiler);

    /** What stands under the policy's type. */
    interface BodyDecoder {
        PolicyConfig decode(String name, ConfigNode body);
    }

    /** One of {@code policies}. */
    static PolicyConfig decode(ConfigNode yaml) {
        Map<String, BodyDecoder> bodies = nested();
        bodies.put("and", AndPolicyConfig::decode);
        bodies.put("drop", DropPolicyConfig::decode);
        return decode(yaml, bodies, yaml.string("name").required());
    }

    /** One of {@code and_sub_policy} and {@code drop_sub_policy}: a plain policy or {@code not}. */
    static PolicyConfig decodeNested(ConfigNode yaml) {
        return decode(yaml, nested(), yaml.string("name").or(""));
    }

    /** What {@code not_sub_policy} holds. */
    static PolicyConfig decodePlain(ConfigNode yaml) {
        return decode(yaml, plain(), yaml.string("name").or(""));
    }

    private static Map<String, BodyDecoder> plain() {
        Map<String, BodyDecoder> bodies = new LinkedHashMap<>();
        bodies.put("always_sample", AlwaysSamplePolicyConfig::decode);
        bodies.put("latency", LatencyPolicyConfig::decode);
        bodies.put("numeric_attribute", NumericAttributePolicyConfig::decode);
        bodies.put("string_attribute", StringAttributePolicyConfig::decode);
        bodies.put("boolean_attribute", BooleanAttributePolicyConfig::decode);
        bodies.put("status_code", StatusCodePolicyConfig::decode);
        bodies.put("probabilistic", ProbabilisticPolicyConfig::decode);
        bodies.put("rate_limiting", RateLimitingPolicyConfig::decode);
        bodies.put("span_count", SpanCountPolicyConfig::decode);
        bodies.put("trace_state", TraceStatePolicyConfig::decode);
        return bodies;
    }

    private static Map<String, BodyDecoder> nested() {
        Map<String, BodyDecoder> bodies = plain();
        bodies.put("not", NotPolicyConfig::decode);
        return bodies;
    }

    private static PolicyConfig decode(ConfigNode yaml, Map<String, BodyDecoder> bodies, String name) {
        String type = yaml.string("type").required();
        BodyDecoder body = bodies.get(type);
        if (body == null) {
            yaml.children(); // what an unknown type has below it is not a problem of its own
            if (!type.isEmpty()) {
                yaml.problem("type", problem(type, new ArrayList<>(bodies.keySet())));
            }
            return new AlwaysSamplePolicyConfig(name);
        }
        for (String other : bodies.keySet()) {
            if (!other.equals(type)) {
                yaml.ignored(other, "has no effect in a policy of type \"" + type + "\"; remove it");
            }
        }
        ConfigNode section = yaml.child(type);
        PolicyConfig policy = body.decode(name, section);
        section.finish();
        return policy;
    }

    private static String problem(String type, List<String> available) {
        boolean elsewhere = OUTER_TYPES.contains(type);
        String meant = elsewhere || ABSENT_TYPES.contains(type) ? "" : Suggestions.didYouMean(type, available);
        if (!meant.isEmpty()) {
            return "unknown policy type \"" + type + "\"" + meant;
        }
        return "policy type \"" + type + "\" " + (elsewhere ? "cannot stand here" : "is not available in this version")
                + "; available: " + String.join(", ", available);
    }
}
