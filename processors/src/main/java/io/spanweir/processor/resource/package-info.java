/** {@code processors: resource}: edits the attributes of resources by the actions of {@code attributes}. */
@org.jspecify.annotations.NullMarked
package io.spanweir.processor.resource;
