/** {@code exporters: nop}: takes everything, sends nothing. */
@org.jspecify.annotations.NullMarked
package io.spanweir.exporter.nop;
