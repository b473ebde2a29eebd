/** {@code connectors: nop}: ends what is sent to it and makes nothing. */
@org.jspecify.annotations.NullMarked
package io.spanweir.connector.nop;
