/** The traces a lane knows: table of undecided traces, deadlines, decisions already taken. Touches memory. */
@org.jspecify.annotations.NullMarked
package io.spanweir.trace;
