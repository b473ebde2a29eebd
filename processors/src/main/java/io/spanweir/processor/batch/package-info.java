/** {@code processors: batch}: what it means is done where requests are gathered, in front of the exporters' queues. */
@org.jspecify.annotations.NullMarked
package io.spanweir.processor.batch;
