/** Segments, transit and held memory, budgets, pressure: bytes only, no OTLP. Touches telemetry, and the byte access of wire. */
@org.jspecify.annotations.NullMarked
package io.spanweir.memory;
