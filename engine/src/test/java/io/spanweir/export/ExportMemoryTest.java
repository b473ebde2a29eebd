package io.spanweir.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.memory.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Admission counts bytes, so requests must not take much more of export memory than their bytes. */
class ExportMemoryTest {
    private static final int BLOCK = 1024;
    private static final int REQUEST = 100;

    private final Budget budget = new Budget("export", 64 * BLOCK);
    private final ExportMemory memory = new ExportMemory(budget);
    private final ExportBuffer buffer = new ExportBuffer(memory);
    private final List<byte[][]> requests = new ArrayList<>();

    @Test
    void smallRequestsTakeTheirBytesOnceHalfOfTheMemoryIsUsed() {
        while (write(REQUEST)) {
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(budget.capacityBytes());
        }
        int wholeBlocks = 32;
        int fitted = (32 * BLOCK - BLOCK) / REQUEST; // a request is written into a whole block
        assertThat(requests).hasSizeGreaterThanOrEqualTo(wholeBlocks + fitted);
    }

    @Test
    void requestsHaveTheBytesThatWereWrittenWhateverTheyAreKeptIn() {
        for (int i = 0; i < 100; i++) {
            assertThat(write(REQUEST)).isTrue();
        }
        for (int i = 0; i < requests.size(); i++) {
            assertThat(requests.get(i)[0][0]).as("request %s", i).isEqualTo((byte) i);
            assertThat(requests.get(i)[0][REQUEST - 1]).as("request %s", i).isEqualTo((byte) i);
        }
    }

    @Test
    void everythingIsFreeAgainWhenAllRequestsHaveLeftAndBlocksCanBeUsedAnew() {
        for (int round = 0; round < 3; round++) {
            int written = 0;
            while (write(REQUEST)) {
                written++;
            }
            assertThat(written).as("round %s", round).isGreaterThan(300);
            requests.forEach(request -> {
                for (byte[] block : request) {
                    memory.give(block);
                }
            });
            requests.clear();
            assertThat(budget.usedBytes()).isZero();
        }
    }

    @Test
    void aRequestThatFillsMostOfItsBlockKeepsIt() {
        for (int i = 0; i < 40; i++) {
            assertThat(write(BLOCK * 3 / 4)).isTrue();
        }
        assertThat(budget.usedBytes()).isEqualTo(40L * BLOCK);
    }

    /** Writes a request full of its number; false when there is no room. */
    private boolean write(int length) {
        if (!buffer.reserve(length)) {
            return false;
        }
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) requests.size());
        buffer.append(bytes, 0, length);
        requests.add(buffer.detach());
        return true;
    }
}
