/** {@code receivers: nop}: receives nothing, so that a pipeline can be written before its sources are known. */
@org.jspecify.annotations.NullMarked
package io.spanweir.receiver.nop;
