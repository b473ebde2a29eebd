/** Counters, gauges, histograms and their exposition. Touches nothing; everybody may count. */
@org.jspecify.annotations.NullMarked
package io.spanweir.telemetry;
