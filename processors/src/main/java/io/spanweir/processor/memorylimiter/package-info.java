/** {@code processors: memory_limiter}: its limit becomes {@code engine.memory}; the engine is bounded by construction. */
@org.jspecify.annotations.NullMarked
package io.spanweir.processor.memorylimiter;
