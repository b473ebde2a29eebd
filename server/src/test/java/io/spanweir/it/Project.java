package io.spanweir.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where things are on this machine. */
final class Project {
    private Project() {}

    /** The directory of the whole project. */
    static Path root() {
        String root = System.getProperty("spanweir.root");
        return root != null ? Path.of(root) : Path.of("").toAbsolutePath().getParent();
    }

    /** Where logs, reports, configurations and built programs of these tests go. */
    static Path output() throws IOException {
        return Files.createDirectories(root().resolve("server/target/it"));
    }

    /**
     * A program on the PATH, or in one of the directories; {@code *} there stands for one name. Where there is none, the test
     * is skipped with that reason, and in CI it fails.
     */
    static Path program(String name, String purpose, String... moreDirectories) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
            directories.add(Path.of(directory));
        }
        for (String directory : moreDirectories) {
            directories.addAll(expand(directory));
        }
        for (Path directory : directories) {
            Path program = directory.resolve(name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        String reason = "this machine has no \"" + name + "\" (" + purpose + ")";
        return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
    }

    private static List<Path> expand(String pattern) throws IOException {
        int star = pattern.indexOf("/*/");
        Path parent = Path.of(star < 0 ? pattern : pattern.substring(0, star));
        if (star < 0 || !Files.isDirectory(parent)) {
            return List.of(parent);
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            for (Path child : children) {
                found.add(child.resolve(pattern.substring(star + 3)));
            }
        }
        return found;
    }
}
