package io.spanweir.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.testengine.MemoryDisk;
import io.spanweir.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every disk does: the machine's, and the one that stands in its place. */
class DiskTest {
    @TempDir
    Path temporary;

    static Stream<Arguments> disks() {
        return Stream.of(
                argumentSet("the machine's", new SystemDisk()),
                argumentSet("in memory", new MemoryDisk(Seeds.random(DiskTest.class, "disk"))));
    }

    private Path directory(Disk disk) throws IOException {
        Path directory = temporary.resolve("a/b");
        disk.createDirectories(directory, 0700);
        disk.createDirectories(directory, 0700);
        return directory;
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Disk disk, Path path, String... parts) throws IOException {
        try (DiskFile file = disk.open(path)) {
            for (String part : parts) {
                assertThat(file.append(text(part))).isEqualTo(part.length());
            }
        }
    }

    private static String read(Disk disk, Path path, long position, int most) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(most);
        int count = disk.read(path, position, target);
        return count < 0 ? "end" : new String(target.array(), 0, count, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatIsAppendedStandsBehindWhatWasThere(Disk disk) throws IOException {
        Path path = directory(disk).resolve("log");
        write(disk, path, "one", "two");
        try (DiskFile file = disk.open(path)) {
            assertThat(file.length()).isEqualTo(6);
            ByteBuffer[] parts = {text("three"), text(""), text("four")};
            assertThat(file.append(parts)).isEqualTo(9);
            assertThat(parts).allMatch(part -> !part.hasRemaining());
            assertThat(file.append(parts)).as("nothing left").isZero();
            assertThat(file.length()).isEqualTo(15);
            file.force();
        }
        disk.forceNames(path.getParent());
        assertThat(read(disk, path, 0, 100)).isEqualTo("onetwothreefour");
        assertThat(read(disk, path, 3, 3)).isEqualTo("two");
        assertThat(read(disk, path, 11, 9)).isEqualTo("four");
        assertThat(read(disk, path, 15, 9)).isEqualTo("end");
        assertThat(read(disk, path, 99, 9)).isEqualTo("end");
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatIsCutOffIsGoneAndAppendingGoesOnThere(Disk disk) throws IOException {
        Path path = directory(disk).resolve("log");
        try (DiskFile file = disk.open(path)) {
            file.append(text("abcdef"));
            file.truncate(100);
            assertThat(file.length()).isEqualTo(6);
            file.truncate(2);
            file.append(text("X"));
        }
        assertThat(read(disk, path, 0, 100)).isEqualTo("abX");
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aFileIsOpenUnderItsNewNameTooAndReplacesWhatIsThere(Disk disk) throws IOException {
        Path directory = directory(disk);
        Path from = directory.resolve("from");
        Path to = directory.resolve("to");
        write(disk, to, "old");
        try (DiskFile file = disk.open(from)) {
            file.append(text("new"));
            disk.rename(from, to);
            file.append(text("er"));
        }
        assertThat(disk.exists(from)).isFalse();
        assertThat(read(disk, to, 0, 100)).isEqualTo("newer");
        assertThat(disk.list(directory)).containsExactly(to);
        assertThatThrownBy(() -> disk.rename(from, to)).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aDirectoryListsWhatIsInItAndNothingDeeper(Disk disk) throws IOException {
        Path directory = directory(disk);
        write(disk, directory.resolve("one"), "1");
        write(disk, directory.resolve("two"), "2");
        assertThat(disk.list(directory)).containsExactlyInAnyOrder(directory.resolve("one"), directory.resolve("two"));
        assertThat(disk.list(directory.getParent())).containsExactly(directory);
        assertThat(disk.delete(directory.resolve("one"))).isTrue();
        assertThat(disk.delete(directory.resolve("one"))).isFalse();
        assertThat(disk.exists(directory)).isTrue();
        assertThat(disk.list(directory)).containsExactly(directory.resolve("two"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatIsNotThereIsSaid(Disk disk) throws IOException {
        Path nowhere = directory(disk).resolve("nowhere");
        assertThat(disk.exists(nowhere)).isFalse();
        assertThatThrownBy(() -> read(disk, nowhere, 0, 1)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.list(nowhere)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.open(nowhere.resolve("file"))).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aClosedFileTakesNothing(Disk disk) throws IOException {
        DiskFile file = disk.open(directory(disk).resolve("log"));
        file.close();
        file.close();
        assertThatThrownBy(() -> file.append(text("late"))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::length).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::force).isInstanceOf(ClosedChannelException.class);
    }
}
