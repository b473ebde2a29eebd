/**
 * Configuration: YAML with places, several sources merged in order, expansion of {@code ${env:X}} and its relatives, and
 * decoding into records without reflection. Start-up and reload only: nothing here is on the path of data. All problems
 * are collected in {@link io.spanweir.config.Problems}; nothing is thrown for bad configuration.
 */
@NullMarked
package io.spanweir.config;

import org.jspecify.annotations.NullMarked;
