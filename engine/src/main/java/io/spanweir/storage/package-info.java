/** The disk: the one way by which data of the engine and of its components gets onto it. Touches nothing. */
@org.jspecify.annotations.NullMarked
package io.spanweir.storage;
