/** {@code connectors: forward}: hands what some pipelines send to others of the same signal. */
@org.jspecify.annotations.NullMarked
package io.spanweir.connector.forward;
