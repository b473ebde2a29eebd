/** The front door: build, start and close an engine. */
@org.jspecify.annotations.NullMarked
package io.spanweir;
