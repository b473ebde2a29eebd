/**
 * {@code processors: tail_sampling}: holds the spans of each trace for a while and decides about the trace as a whole. Per
 * arriving span, tests run once and fold into a summary of a few longs; at the decision, rules run once over the summary.
 */
@org.jspecify.annotations.NullMarked
package io.spanweir.processor.tailsampling;
