/** Protobuf and OTLP/JSON bytes. Only this package knows tag numbers. Touches nothing of ours. */
@org.jspecify.annotations.NullMarked
package io.spanweir.wire;
