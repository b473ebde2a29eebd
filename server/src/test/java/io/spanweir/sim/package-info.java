/** A simulation of the engine: everything that may interleave does so by one seed. */
package io.spanweir.sim;
