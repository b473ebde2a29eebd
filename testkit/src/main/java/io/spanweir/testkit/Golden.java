package io.spanweir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;

/**
 * Compares text with a file under {@code src/test/resources} of the module that is tested. With system property
 * {@code golden.update} the file is written instead; the difference is read in review.
 */
public final class Golden {
    private Golden() {}

    /**
     * Compares, or writes.
     *
     * @param name path below {@code src/test/resources}, with slashes
     */
    public static void verify(String name, String actual) {
        verify(Path.of("src", "test", "resources").resolve(name), actual, Boolean.getBoolean("golden.update"));
    }

    static void verify(Path file, String actual, boolean update) {
        try {
            if (update) {
                Path directory = file.toAbsolutePath().getParent();
                if (directory != null) {
                    Files.createDirectories(directory);
                }
                Files.writeString(file, actual);
                return;
            }
            Assertions.assertThat(file)
                    .as("golden file; write it with -Dgolden.update")
                    .exists();
            Assertions.assertThat(actual)
                    .as("content of %s; rewrite it with -Dgolden.update and read the difference", file)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
