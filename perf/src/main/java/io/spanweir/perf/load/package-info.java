/** What drives a server from outside and reads what it cost: pre-encoded requests, a gRPC load, a sink, CPU and memory of processes. */
@org.jspecify.annotations.NullMarked
package io.spanweir.perf.load;
