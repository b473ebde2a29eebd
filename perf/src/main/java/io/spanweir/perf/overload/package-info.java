/** The program in a process of its own under overload and attack, with clients that behave: what they notice of it. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf.overload;
