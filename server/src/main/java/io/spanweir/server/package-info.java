/** The standalone program: command line, logs, metrics of its own, start and stop. */
@NullMarked
package io.spanweir.server;

import org.jspecify.annotations.NullMarked;
