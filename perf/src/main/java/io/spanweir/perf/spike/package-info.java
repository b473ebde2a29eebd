/** Variants that the design left to measurement, side by side; {@code perf/spike} prints the figures behind docs/decisions/0001 and 0002. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf.spike;
