package io.spanweir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * The seed inputs of a fuzz test, {@code src/test/resources/<package>/<Class>Inputs/<method>/seed-*}: made by a generator, so
 * that they can be made again, and committed, so that they are replayed as they are. Other files there are inputs that failed
 * once; this class leaves them alone. With system property {@code golden.update} the seeds are written anew.
 */
public final class Corpus {
    private static final String PREFIX = "seed-";
    private static final int TOTAL_BYTES_MAX = 64 << 10;

    private Corpus() {}

    /**
     * Compares the committed seeds of one fuzz test with these, or writes them.
     *
     * @param fuzzTest the full name of its class
     */
    public static void verify(String fuzzTest, String method, Map<String, byte[]> seeds) {
        Path directory = Path.of("src", "test", "resources")
                .resolve(fuzzTest.replace('.', '/') + "Inputs")
                .resolve(method);
        Map<String, byte[]> named = new TreeMap<>();
        seeds.forEach((name, bytes) -> named.put(PREFIX + name, bytes));
        Assertions.assertThat(
                        named.values().stream().mapToInt(seed -> seed.length).sum())
                .as("bytes of all seeds of " + fuzzTest)
                .isLessThan(TOTAL_BYTES_MAX);
        try {
            if (Boolean.getBoolean("golden.update")) {
                write(directory, named);
            }
            Map<String, byte[]> found = read(directory);
            Assertions.assertThat(found.keySet())
                    .as("seeds in %s; write them with -Dgolden.update=true", directory)
                    .isEqualTo(named.keySet());
            named.forEach((name, bytes) -> Assertions.assertThat(found.get(name))
                    .as("%s/%s; write it with -Dgolden.update=true", directory, name)
                    .isEqualTo(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path directory, Map<String, byte[]> seeds) throws IOException {
        Files.createDirectories(directory);
        for (String old : read(directory).keySet()) {
            Files.delete(directory.resolve(old));
        }
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            Files.write(directory.resolve(seed.getKey()), seed.getValue());
        }
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(PREFIX)) {
                    seeds.put(name, Files.readAllBytes(file));
                }
            }
        }
        return seeds;
    }
}
