/** The whole program, driven from outside: CPU per span, spans per second and resident memory of some plain configurations. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf.figures;
