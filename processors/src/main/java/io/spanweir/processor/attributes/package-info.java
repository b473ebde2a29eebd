/**
 * {@code processors: attributes}: edits the attributes of spans, log records and data points by a list of actions. The
 * actions are those of {@code processors: resource} too.
 */
@org.jspecify.annotations.NullMarked
package io.spanweir.processor.attributes;
