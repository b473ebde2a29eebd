/**
 * The whole program with real neighbours: a Go service with PostgreSQL and Redis in front, a backend that decodes with
 * protobuf-java behind. Run by Failsafe; what a machine lacks skips a test by name, except where CI is true: there it fails.
 */
package io.spanweir.it;
