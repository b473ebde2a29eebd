/** Configuration to graph, life cycle order: the control plane. */
@org.jspecify.annotations.NullMarked
package io.spanweir.graph;
