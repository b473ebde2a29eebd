/** Export buffer, sending queue, retry, completion: one mechanism for all exporters. */
@org.jspecify.annotations.NullMarked
package io.spanweir.export;
