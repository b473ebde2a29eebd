/** JMH benchmarks of the engine's parts. Run by {@code perf/jmh}, with {@code -prof gc}: bytes per operation are as much the result as time. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf;
