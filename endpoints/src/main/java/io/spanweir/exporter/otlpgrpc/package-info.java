/** {@code exporters: otlp_grpc}: OTLP over gRPC. */
@org.jspecify.annotations.NullMarked
package io.spanweir.exporter.otlpgrpc;
