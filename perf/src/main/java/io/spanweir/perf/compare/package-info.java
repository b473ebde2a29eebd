/** The whole program beside its peers: the same work, the same load, one core each in turn; CPU per span, rates, memory, latency. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf.compare;
