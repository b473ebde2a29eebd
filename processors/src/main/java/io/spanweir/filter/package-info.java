/**
 * Which items a processor works on: tests of text, values and attributes on bytes, and {@code include} and {@code exclude} as
 * the collector has them. What is compiled from a configuration keeps caches, so each lane has its own.
 */
@org.jspecify.annotations.NullMarked
package io.spanweir.filter;
