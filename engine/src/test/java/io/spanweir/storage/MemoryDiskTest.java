package io.spanweir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.testengine.MemoryDisk;
import io.spanweir.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MemoryDiskTest {
    private static final int ROUNDS = 400;
    private static final Path DIRECTORY = Path.of("/disk");
    private static final Path LOG = DIRECTORY.resolve("log");

    private static MemoryDisk disk(int round) throws IOException {
        MemoryDisk disk = new MemoryDisk(Seeds.random(MemoryDiskTest.class, "disk", round));
        disk.createDirectories(DIRECTORY, 0700);
        return disk;
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String content(MemoryDisk disk, Path path) {
        return new String(disk.bytes(path), StandardCharsets.UTF_8).replace('\0', '0');
    }

    @Test
    void aFullDiskTakesWhatFitsAndThenSaysSo() throws IOException {
        MemoryDisk disk = disk(0);
        disk.put(DIRECTORY.resolve("other"), new byte[10]);
        disk.capacityBytes(14);
        DiskFile file = disk.open(LOG);
        ByteBuffer[] parts = {text("abc"), text("def")};
        assertThat(file.append(parts)).isEqualTo(4);
        assertThatThrownBy(() -> file.append(parts)).hasMessage("No space left on device");
        disk.capacityBytes(100);
        assertThat(file.append(parts)).isEqualTo(2);
        assertThat(content(disk, LOG)).isEqualTo("abcdef");
        assertThat(disk.failures()).isEqualTo(1);
    }

    @Test
    void shortWritesTakeAtLeastOneByte() throws IOException {
        MemoryDisk disk = disk(0);
        disk.shortenOneIn(1);
        DiskFile file = disk.open(LOG);
        ByteBuffer part = text("x".repeat(1000));
        int calls = 0;
        for (; part.hasRemaining(); calls++) {
            assertThat(file.append(part)).isPositive();
        }
        assertThat(calls).isGreaterThan(1);
        assertThat(content(disk, LOG)).isEqualTo("x".repeat(1000));
    }

    @Test
    void callsFailWhenToldAndOnlyThose() throws IOException {
        MemoryDisk disk = disk(0);
        DiskFile file = disk.open(LOG);
        disk.fail(MemoryDisk.Call.FORCE, MemoryDisk.Call.RENAME);
        file.append(text("abc"));
        assertThatThrownBy(file::force).hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> disk.rename(LOG, DIRECTORY.resolve("new"))).hasMessageContaining("Input/output error");
        assertThat(content(disk, LOG)).isEqualTo("abc");
        disk.fail();
        file.force();
        assertThat(disk.failures()).isEqualTo(2);
    }

    @Test
    void anAppendThatFailsByChanceMayHaveTakenAPart() throws IOException {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            MemoryDisk disk = disk(round);
            DiskFile file = disk.open(LOG);
            disk.failOneIn(1);
            assertThatThrownBy(() -> file.append(text("abcdef"))).hasMessage("Input/output error");
            lengths.add(disk.bytes(LOG).length);
        }
        assertThat(lengths).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aCrashLeavesWhatWasForcedAndTearsTheRest() throws IOException {
        TreeSet<String> met = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            MemoryDisk disk = disk(round);
            DiskFile file = disk.open(LOG);
            file.append(text("ab"));
            file.force();
            disk.forceNames(DIRECTORY);
            file.append(text("cd"));
            disk.crash();
            met.add(content(disk, LOG));
            assertThatThrownBy(file::length).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(met).containsExactlyInAnyOrder("ab", "abc", "ab0", "abcd", "abc0", "ab0d", "ab00");
    }

    @Test
    void aCrashTakesNamesThatWereNotForced() throws IOException {
        TreeSet<String> met = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            MemoryDisk disk = disk(round);
            disk.put(LOG, new byte[1]);
            disk.rename(LOG, DIRECTORY.resolve("new"));
            if (round % 2 == 0) {
                disk.forceNames(DIRECTORY);
            }
            disk.crash();
            met.add((round % 2 == 0 ? "forced " : "") + disk.list(DIRECTORY));
        }
        assertThat(met).containsExactlyInAnyOrder("[/disk/log]", "[/disk/new]", "forced [/disk/new]");
    }

    @Test
    void aCrashMayUndoACutThatWasNotForced() throws IOException {
        TreeSet<String> met = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            MemoryDisk disk = disk(round);
            disk.put(LOG, "abcd".getBytes(StandardCharsets.UTF_8));
            disk.open(LOG).truncate(1);
            disk.crash();
            met.add(content(disk, LOG));
        }
        assertThat(met).containsExactly("a", "abcd");
    }

    @Test
    void oneSeedIsOneHistory() throws IOException {
        assertThat(history(7)).isEqualTo(history(7)).isNotEqualTo(history(8));
    }

    private static String history(long seed) throws IOException {
        MemoryDisk disk = new MemoryDisk(new SplittableRandom(seed));
        disk.put(LOG, new byte[0]);
        disk.shortenOneIn(2);
        disk.failOneIn(5);
        StringBuilder history = new StringBuilder();
        for (int step = 0; step < 50; step++) {
            try (DiskFile file = disk.open(LOG)) {
                history.append(file.append(text("abcdefgh"))).append(' ');
            } catch (IOException e) {
                history.append(e.getMessage()).append(' ');
            }
        }
        disk.crash();
        return history + content(disk, LOG);
    }
}
