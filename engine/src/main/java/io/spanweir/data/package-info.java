/** What component authors read and edit: batches, views, overlays. Touches wire. */
@org.jspecify.annotations.NullMarked
package io.spanweir.data;
