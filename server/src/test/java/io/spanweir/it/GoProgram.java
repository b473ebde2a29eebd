package io.spanweir.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The Go programs of {@code examples/order-service}, built once in a JVM (Go's own cache makes the next one quick). */
enum GoProgram {
    ORDER_SERVICE("order-service", "."),
    ORDERS_LOAD("ordersload", "./cmd/ordersload");

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);

    private final String fileName;
    private final String goPackage;

    @SuppressWarnings("ImmutableEnumChecker") // remembers what it did
    private Path built;

    GoProgram(String fileName, String goPackage) {
        this.fileName = fileName;
        this.goPackage = goPackage;
    }

    /** The executable file. */
    synchronized Path path() throws IOException {
        if (built == null) {
            Path go = Project.program("go", "Go builds the order service", "/usr/local/go/bin");
            Path program = Project.output().resolve(fileName);
            ProcessUnderTest.run(
                    "go-build",
                    Project.root().resolve("examples/order-service"),
                    BUILD_LIMIT,
                    List.of(go.toString(), "build", "-o", program.toString(), goPackage));
            built = program;
        }
        return built;
    }
}
