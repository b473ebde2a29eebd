/** Consistent probability, tracestate, hashes and rates: what samplers share. Pure functions; only the token bucket has state. */
@org.jspecify.annotations.NullMarked
package io.spanweir.sampling;
