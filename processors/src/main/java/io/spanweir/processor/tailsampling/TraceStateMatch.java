package io.spanweir.processor.tailsampling;

import io.spanweir.filter.ByteStringSet;
import io.spanweir.sampling.TraceState;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A member of a span's tracestate with one of several values. */
record TraceStateMatch(String key, List<String> values) {
    TraceStateMatch {
        values = List.copyOf(values);
    }

    /** The test. Threading: any thread. */
    interface Test {
        boolean test(byte[] bytes, TraceState traceState);
    }

    Test compile() {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        ByteStringSet set = new ByteStringSet(values);
        return (bytes, traceState) -> {
            int member = traceState.find(keyBytes);
            return member >= 0 && set.contains(bytes, traceState.valueOffset(member), traceState.valueLength(member));
        };
    }
}
