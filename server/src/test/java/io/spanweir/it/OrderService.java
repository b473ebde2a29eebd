package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The order service in Go, which sends its spans to an OTLP/gRPC port of 127.0.0.1. All its items are in its cache. */
final class OrderService implements AutoCloseable {
    /** How long a slow order waits; well above what a busy machine adds to the others. */
    static final Duration SLOW = Duration.ofMillis(1500);

    private static final int ITEMS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ProcessUnderTest process;
    private final String address;
    private LoadReport warmUp;

    private OrderService(ProcessUnderTest process, String address) {
        this.process = process;
        this.address = address;
    }

    static OrderService start(int otlpPort, PostgreSql postgreSql, Redis redis) throws IOException {
        return start(otlpPort, "-postgres", postgreSql.url(), "-redis", redis.address());
    }

    /** Without databases; the spans are the same. */
    static OrderService startInMemory(int otlpPort) throws IOException {
        return start(otlpPort, "-memory");
    }

    private static OrderService start(int otlpPort, String... stores) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(GoProgram.ORDER_SERVICE.path().toString(), "-listen", "127.0.0.1:0"));
        command.addAll(List.of(stores));
        ProcessUnderTest process = ProcessUnderTest.start(
                "order-service",
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + otlpPort, "OTEL_BSP_SCHEDULE_DELAY", "200"),
                Project.output(),
                command);
        try {
            String address = process.awaitLine("\"address\":\"([^\"]+)\".*\"listening\"", LIMIT)
                    .group(1);
            OrderService service = new OrderService(process, address);
            service.warmUp = service.load(ITEMS, 1, 0, 0, 0).await();
            return service;
        } catch (IOException | RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** The first orders, one for each item, all of them fine; their traces have {@link LoadReport#SPANS_OF_MISS} spans more. */
    LoadReport warmUp() {
        return warmUp;
    }

    /** Spans of the first orders. */
    int warmUpSpanCount() {
        return ITEMS * (LoadReport.SPANS_OF_ORDER + LoadReport.SPANS_OF_MISS);
    }

    /** Orders on their way. */
    record Load(ProcessUnderTest process, Path report) {
        /** Waits for the last answer; every order was answered, and ended as it was told to. */
        LoadReport await() throws IOException {
            try (process) {
                assertThat(process.exitCode(LIMIT))
                        .as("exit code of %s", process)
                        .isZero();
            }
            LoadReport read = LoadReport.parse(Files.readString(report));
            assertThat(read.unexpected())
                    .as("orders that did not end as they were told")
                    .isEmpty();
            return read;
        }
    }

    /** Begins to send orders, so many a second at most; 0: as fast as they are answered. */
    Load load(int orders, int concurrency, double failShare, double slowShare, int perSecond) throws IOException {
        Path report = Files.createTempFile(Project.output(), "load-", ".json");
        ProcessUnderTest load = ProcessUnderTest.start(
                "ordersload",
                Map.of(),
                Project.output(),
                List.of(
                        GoProgram.ORDERS_LOAD.path().toString(),
                        "-target=http://" + address,
                        "-requests=" + orders,
                        "-concurrency=" + concurrency,
                        "-fail-share=" + failShare,
                        "-slow-share=" + slowShare,
                        "-slow=" + SLOW.toMillis() + "ms",
                        "-rate=" + perSecond,
                        "-report=" + report));
        return new Load(load, report);
    }

    @Override
    public void close() {
        process.close();
    }
}
