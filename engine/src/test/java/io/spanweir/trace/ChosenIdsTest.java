package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.memory.Budget;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trace ids that somebody chose so that they might meet in the table: no row of full slots becomes long. */
class ChosenIdsTest {
    private static final int TRACES = 100_000;

    /** Half full tables of chance have rows of a few dozen; a table that is attacked has one of thousands. */
    private static final int ROW_MAX = 400;

    static Stream<Arguments> ids() {
        return Stream.of(
                argumentSet("low halves in a row", (LongUnaryOperator) i -> 1, (LongUnaryOperator) i -> i),
                argumentSet("high halves in a row", (LongUnaryOperator) i -> i, (LongUnaryOperator) i -> 1),
                argumentSet("low halves that differ in the upper bits", (LongUnaryOperator) i -> 1, (LongUnaryOperator)
                        i -> i << 47),
                argumentSet(
                        "high halves that differ in the upper bits",
                        (LongUnaryOperator) i -> i << 47,
                        (LongUnaryOperator) i -> 1),
                argumentSet(
                        "multiples of the largest table", (LongUnaryOperator) i -> 1, (LongUnaryOperator) i -> i << 24),
                argumentSet("halves that cancel in a sum", (LongUnaryOperator) i -> -i, (LongUnaryOperator) i -> i));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void chosenIdsDoNotMeet(LongUnaryOperator high, LongUnaryOperator low) {
        Budget budget = new Budget("tables", 256L << 20);
        try (TraceTable table = new TraceTable(budget, 1, 0x5eedL)) {
            for (int i = 1; i <= TRACES; i++) {
                assertThat(table.insert(high.applyAsLong(i), low.applyAsLong(i), 0))
                        .isNotEqualTo(TraceTable.FULL);
            }
            assertThat(table.longestRow()).isLessThan(ROW_MAX);
        }
        assertThat(budget.usedBytes()).isZero();
    }
}
