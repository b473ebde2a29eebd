/** {@code exporters: otlp_http}: OTLP over HTTP/1.1, protobuf or JSON. */
@org.jspecify.annotations.NullMarked
package io.spanweir.exporter.otlphttp;
