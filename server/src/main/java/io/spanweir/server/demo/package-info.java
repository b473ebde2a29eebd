/** {@code spanweir demo}: traffic of an order service, a gateway that samples it, and the backend that takes what is kept. */
@NullMarked
package io.spanweir.server.demo;

import org.jspecify.annotations.NullMarked;
