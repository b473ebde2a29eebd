/** For tests: seeds, generated and mutated messages of OTLP, realistic traffic, golden files. Knows nothing of Spanweir. */
@org.jspecify.annotations.NullMarked
package io.spanweir.testkit;
