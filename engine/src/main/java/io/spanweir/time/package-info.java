/** Clocks, timers, and how often a line is logged. Touches nothing: nobody else reads the system clock. */
@org.jspecify.annotations.NullMarked
package io.spanweir.time;
