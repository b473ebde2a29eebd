/** {@code exporters: debug}: prints what comes, in the collector's layout. */
@org.jspecify.annotations.NullMarked
package io.spanweir.exporter.debug;
