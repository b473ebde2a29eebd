/**
 * {@code receivers: otlp}: OTLP over gRPC and over HTTP, protobuf and JSON. A request becomes bytes in a transit region and one
 * call of an {@link io.spanweir.component.Intake}; {@code Admissions} is the seam between the transports and the engine.
 */
@org.jspecify.annotations.NullMarked
package io.spanweir.receiver.otlp;
