/** Ring entry, intake, lane, turn, commands: the data plane. Only this package knows the Disruptor. */
@org.jspecify.annotations.NullMarked
package io.spanweir.lane;
