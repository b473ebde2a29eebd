package io.spanweir.server.demo;

import java.time.Duration;

/**
 * What the demo is asked for.
 *
 * @param tracesPerSecond from 1
 * @param terminal whether one block may be drawn over and over
 * @param color whether to use colours
 */
public record DemoOptions(Duration duration, int tracesPerSecond, long seed, boolean terminal, boolean color) {}
