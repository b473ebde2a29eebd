/** Clocks, timers, and how often a line is logged. Touches nothing. Lanes, processors and queues read no other clock. */
@org.jspecify.annotations.NullMarked
package io.spanweir.time;
