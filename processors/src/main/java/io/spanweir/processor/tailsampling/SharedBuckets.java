package io.spanweir.processor.tailsampling;

import io.spanweir.sampling.TokenBucket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The token buckets that the lanes of a pipeline share, so that limits hold for the engine as a whole and are not skewed by
 * how traces fall to lanes. Threading: any thread.
 */
final class SharedBuckets {
    private record Key(String pipeline, int number) {}

    private final ConcurrentMap<Key, TokenBucket> buckets = new ConcurrentHashMap<>();

    /** The bucket of a number, made full by the lane that asks first. */
    TokenBucket bucket(String pipeline, int number, long ratePerSecond, long capacity, long nowNanos) {
        return buckets.computeIfAbsent(
                new Key(pipeline, number), key -> new TokenBucket(ratePerSecond, capacity, nowNanos));
    }
}
