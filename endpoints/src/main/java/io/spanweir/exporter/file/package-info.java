/** {@code exporters: file}: OTLP in files, as JSON lines or as protobuf with lengths. */
@org.jspecify.annotations.NullMarked
package io.spanweir.exporter.file;
