/** Clocks and timers. Touches nothing: nobody else reads the system clock. */
@org.jspecify.annotations.NullMarked
package io.spanweir.time;
