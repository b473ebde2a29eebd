package io.spanweir.exporter.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.SendOutcome;
import io.spanweir.config.Problems;
import io.spanweir.data.ExportRequest;
import io.spanweir.testengine.MemoryDisk;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ExporterHarness;
import io.spanweir.time.ManualClock;
import io.spanweir.wire.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileExporterTest {
    private static final Path IN_MEMORY = Path.of("/var/spans.pb");

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final MemoryDisk disk = new MemoryDisk(Seeds.random(FileExporterTest.class, "disk"));

    private ExporterHarness onMemory(String... options) throws Exception {
        disk.createDirectories(IN_MEMORY.getParent(), 0755);
        return ExporterHarness.start(
                new FileExporterFactory(), "path: " + IN_MEMORY + "\n" + String.join("\n", options), clock, disk);
    }

    private ExporterHarness exporter(Path file, String... options) throws Exception {
        return ExporterHarness.start(
                new FileExporterFactory(), "path: \"" + file + "\"\n" + String.join("\n", options), clock);
    }

    private static List<Message> messages() {
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(FileExporterTest.class, "messages"));
        return List.of(generator.traces(), generator.metrics(), generator.logs());
    }

    private static List<byte[]> records(Path file) throws Exception {
        return records(Files.readAllBytes(file));
    }

    private static List<byte[]> records(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] record = new byte[bytes.getInt()];
            bytes.get(record);
            records.add(record);
        }
        return records;
    }

    private static byte[] oneRecord(int length) {
        byte[] record = new byte[length];
        Arrays.fill(record, (byte) 'x');
        ByteBuffer.wrap(record).putInt(length - Integer.BYTES);
        return record;
    }

    @Test
    void jsonIsOneLineForEachRequest() throws Exception {
        Path file = directory.resolve("otlp.json");
        try (ExporterHarness exporter = exporter(file)) {
            for (Message message : messages()) {
                assertThat(exporter.send(ExporterHarness.request(message, 50))).isEqualTo(SendOutcome.sent());
            }
            assertThat(Files.readAllLines(file))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("{\"resourceSpans\":")
                                    .endsWith("}"),
                            line -> assertThat(line)
                                    .startsWith("{\"resourceMetrics\":")
                                    .endsWith("}"),
                            line -> assertThat(line).startsWith("{").endsWith("}"));
        }
    }

    @Test
    void protobufRecordsBeginWithTheirLength() throws Exception {
        Path file = directory.resolve("otlp.pb");
        List<Message> messages = messages();
        try (ExporterHarness exporter = exporter(file, "format: proto")) {
            for (Message message : messages) {
                exporter.send(ExporterHarness.request(message, 50));
            }
        }
        List<byte[]> records = records(file);
        assertThat(ExportTraceServiceRequest.parseFrom(records.get(0))).isEqualTo(messages.get(0));
        assertThat(ExportLogsServiceRequest.parseFrom(records.get(2))).isEqualTo(messages.get(2));
        assertThat(records).hasSize(3);
    }

    @Test
    void compressedRecordsBeginWithTheirLengthToo() throws Exception {
        Path file = directory.resolve("otlp.zst");
        List<Message> messages = messages();
        try (ExporterHarness exporter =
                exporter(file, "format: proto", "compression: zstd", "compression_params: {level: 6}")) {
            exporter.send(ExporterHarness.request(messages.get(0), 50));
        }
        byte[] frame = records(file).get(0);
        byte[] plain = Zstd.decompress(frame, messages.get(0).getSerializedSize());
        assertThat(ExportTraceServiceRequest.parseFrom(plain)).isEqualTo(messages.get(0));
    }

    @Test
    void theFileBeginsAnewUnlessAppended() throws Exception {
        Path file = directory.resolve("otlp.json");
        Files.writeString(file, "before\n");
        try (ExporterHarness exporter = exporter(file, "append: true")) {
            exporter.send(ExporterHarness.request(messages().get(0), 50));
        }
        assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("before");
        try (ExporterHarness exporter = exporter(file)) {
            exporter.send(ExporterHarness.request(messages().get(0), 50));
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void aFullFileIsPutAwayAndOldOnesAreRemoved() throws Exception {
        Path file = directory.resolve("spans.pb");
        Path stranger = Files.writeString(directory.resolve("spans-notes.pb"), "kept");
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "rotation")).message(1000);
        int length = message.getSerializedSize() + 4;
        int perFile = (1 << 20) / length;
        assertThat(perFile).isBetween(1, 20);
        try (ExporterHarness exporter =
                exporter(file, "format: proto", "rotation: {max_megabytes: 1, max_backups: 2}")) {
            for (int count = 0; count < perFile * 5; count++) {
                exporter.send(ExporterHarness.request(message, 10_000));
                clock.advance(Duration.ofMillis(1));
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> backups = files.filter(
                            path -> path.getFileName().toString().startsWith("spans-2023-11-14T22-13-"))
                    .toList();
            assertThat(backups).hasSize(2).allSatisfy(backup -> {
                assertThat(Files.size(backup))
                        .isEqualTo((long) length * perFile)
                        .isLessThanOrEqualTo(1 << 20);
                assertThat(records(backup)).hasSize(perFile);
            });
        }
        assertThat(records(file)).hasSize(perFile);
        assertThat(stranger).hasContent("kept");
    }

    @Test
    void theNewestFilesAreKeptHoweverManyAreFilledInOneMillisecond() throws Exception {
        try (ExporterHarness exporter = onMemory("format: proto", "rotation: {max_megabytes: 1, max_backups: 1}")) {
            for (int number = 1; number <= 5; number++) {
                byte[] record = new byte[700_000 + number];
                exporter.send(ExporterHarness.request(Signal.TRACES, record, 100_000));
            }
        }
        assertThat(disk.length(IN_MEMORY)).isEqualTo(700_005 + Integer.BYTES);
        assertThat(disk.paths())
                .filteredOn(path -> !path.equals(IN_MEMORY))
                .singleElement()
                .satisfies(path -> assertThat(disk.length(path)).isEqualTo(700_004 + Integer.BYTES));
    }

    @Test
    void filesPutAwayDaysAgoAreRemoved() throws Exception {
        Path file = directory.resolve("spans.json");
        Path old = Files.writeString(directory.resolve("spans-2023-11-12T22-13-00.000.json"), "old");
        Path young = Files.writeString(directory.resolve("spans-2023-11-13T22-14-00.000.json"), "young");
        Files.writeString(file, "x".repeat((1 << 20) - 1) + "\n");
        try (ExporterHarness exporter = exporter(file, "rotation: {max_megabytes: 1, max_days: 1}")) {
            exporter.send(ExporterHarness.request(messages().get(0), 50));
        }
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(directory.resolve("spans-2023-11-14T22-13-20.000.json")).hasSize(1 << 20);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @ParameterizedTest(name = "room for {0} bytes of the second record")
    @ValueSource(longs = {0, 3, 4, 5, 100})
    void aTornRecordIsCutOffAndWrittenOnceThereIsRoom(long room) throws Exception {
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "torn")).message(10);
        long length = message.getSerializedSize() + 4;
        disk.capacityBytes(length + room);
        ExportRequest request = ExporterHarness.request(message, 64);
        try (ExporterHarness exporter = onMemory("format: proto")) {
            assertThat(exporter.send(request)).isEqualTo(SendOutcome.sent());
            assertThat(exporter.send(request))
                    .isEqualTo(SendOutcome.retryable(
                            "file \"" + IN_MEMORY + "\" cannot be written (no space left on device)", 0));
            assertThat(records(disk.bytes(IN_MEMORY)))
                    .as("what is in the file while the disk is full")
                    .hasSize(1);

            disk.capacityBytes(10 * length);
            assertThat(exporter.send(request)).isEqualTo(SendOutcome.sent());
        }
        assertThat(records(disk.bytes(IN_MEMORY)))
                .hasSize(2)
                .allSatisfy(record ->
                        assertThat(ExportTraceServiceRequest.parseFrom(record)).isEqualTo(message));
    }

    @Test
    void aRecordThatCannotBeCutOffYetStopsAllWriting() throws Exception {
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "torn")).message(10);
        long length = message.getSerializedSize() + 4;
        disk.capacityBytes(length + 5);
        disk.fail(MemoryDisk.Call.TRUNCATE);
        ExportRequest request = ExporterHarness.request(message, 64);
        try (ExporterHarness exporter = onMemory("format: proto", "append: true")) {
            assertThat(exporter.send(request).kind()).isEqualTo(SendOutcome.Kind.SENT);
            assertThat(exporter.send(request).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            disk.capacityBytes(10 * length);
            assertThat(exporter.send(request).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            assertThat(disk.bytes(IN_MEMORY)).hasSize((int) length + 5);

            disk.fail();
            assertThat(exporter.send(request).kind()).isEqualTo(SendOutcome.Kind.SENT);
            assertThat(records(disk.bytes(IN_MEMORY))).hasSize(2);
        }
    }

    @Test
    void whatCouldNotBeCutOffBeforeIsCutOffAtTheEnd() throws Exception {
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "torn")).message(10);
        disk.capacityBytes(message.getSerializedSize() + 9);
        try (ExporterHarness exporter = onMemory("format: proto", "append: true")) {
            disk.fail(MemoryDisk.Call.TRUNCATE);
            exporter.send(ExporterHarness.request(message, 64));
            exporter.send(ExporterHarness.request(message, 64));
            disk.fail();
        }
        assertThat(records(disk.bytes(IN_MEMORY))).hasSize(1);
    }

    private byte[] written(String[] options, int count) throws Exception {
        disk.delete(IN_MEMORY);
        OrderTraffic traffic = new OrderTraffic(Seeds.random(getClass(), "crash"));
        try (ExporterHarness exporter = onMemory(options)) {
            for (int number = 0; number < count; number++) {
                exporter.send(ExporterHarness.request(traffic.message(1), 50));
            }
        }
        return disk.bytes(IN_MEMORY);
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                argumentSet("json", (Object) new String[] {"append: true", "format: json"}),
                argumentSet("proto", (Object) new String[] {"append: true", "format: proto"}),
                argumentSet("zstd", (Object) new String[] {"append: true", "format: proto", "compression: zstd"}),
                argumentSet("json and zstd", (Object) new String[] {"append: true", "compression: zstd"}),
                argumentSet("rotation", (Object) new String[] {"rotation: {max_megabytes: 1}", "format: proto"}));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aRecordThatACrashHasTornIsCutOffAtTheNextStart(String[] options) throws Exception {
        byte[] three = written(options, 3);
        for (int whole = 0; whole < 3; whole++) {
            byte[] before = written(options, whole);
            int next = written(options, whole + 1).length;
            for (int length = before.length; length < next; length += near(length, before.length, next) ? 1 : 41) {
                byte[] torn = Arrays.copyOf(three, length);
                assertThat(afterStart(torn, options))
                        .as("%d of %d bytes", length, next)
                        .isEqualTo(before);
                boolean recognised = three[0] == '{' || length <= before.length + Integer.BYTES;
                if (length > before.length && recognised) {
                    byte[] zeros = Arrays.copyOf(torn, next);
                    assertThat(afterStart(zeros, options))
                            .as("zeros from %d to %d", length, next)
                            .isEqualTo(before);
                }
            }
        }
        assertThat(afterStart(three, options)).isEqualTo(three);
    }

    private static boolean near(int length, int begin, int end) {
        return length - begin < 2 * Integer.BYTES || end - length < 50;
    }

    /** What a file has become when an exporter was started on it. */
    private byte[] afterStart(byte[] content, String... options) throws Exception {
        disk.put(IN_MEMORY, content);
        onMemory(options).close();
        return disk.bytes(IN_MEMORY);
    }

    @Test
    void recordsAfterACrashStandBehindWholeOnes() throws Exception {
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "crash")).message(10);
        disk.put(IN_MEMORY, new byte[0]);
        try (ExporterHarness exporter = onMemory("append: true", "format: proto")) {
            exporter.send(ExporterHarness.request(message, 50));
            exporter.send(ExporterHarness.request(message, 50));
            disk.crash();
        }
        try (ExporterHarness exporter = onMemory("append: true", "format: proto")) {
            exporter.send(ExporterHarness.request(message, 50));
        }
        List<byte[]> records = records(disk.bytes(IN_MEMORY));
        assertThat(ExportTraceServiceRequest.parseFrom(records.get(records.size() - 1)))
                .isEqualTo(message);
    }

    static Stream<Arguments> contentOfOthers() {
        return Stream.of(
                argumentSet("text", "format: json", "one\ntwo", "one\ntwo\n"),
                argumentSet("text without a line", "format: json", "one", "one\n"),
                argumentSet("a long text", "format: json", "x".repeat(200_000), "x".repeat(200_000) + "\n"),
                argumentSet("lines in a file of records", "format: proto", "{\"resource", "{\"resource"),
                argumentSet("lines in a compressed file", "compression: zstd", "{\"resource", "{\"resource"));
    }

    @ParameterizedTest
    @MethodSource("contentOfOthers")
    void whatSomebodyElseHasWrittenStays(String option, String before, String after) throws Exception {
        byte[] content = before.getBytes(StandardCharsets.UTF_8);
        assertThat(afterStart(content, "append: true", option)).asString().isEqualTo(after);
    }

    @Test
    void aFileThatCannotBeReadIsAppendedTo() throws Exception {
        byte[] content = "{half".getBytes(StandardCharsets.UTF_8);
        disk.fail(MemoryDisk.Call.READ);
        assertThat(afterStart(content, "append: true")).isEqualTo(content);
    }

    @Test
    void aTornLineIsCutOffHoweverLongItIs() throws Exception {
        String line = "{\"resourceSpans\":[]}\n";
        for (int length : new int[] {1, 64 << 10, (64 << 10) - 1, (64 << 10) + 1, 300_000}) {
            byte[] content = (line + "{" + "x".repeat(length - 1)).getBytes(StandardCharsets.UTF_8);
            assertThat(afterStart(content, "append: true"))
                    .as("%d bytes", length)
                    .asString()
                    .isEqualTo(line);
        }
    }

    @Test
    void aShortWriteGoesOn() throws Exception {
        ExportTraceServiceRequest message = new OrderTraffic(Seeds.random(getClass(), "short")).message(10);
        disk.shortenOneIn(1);
        try (ExporterHarness exporter = onMemory("format: proto")) {
            assertThat(exporter.send(ExporterHarness.request(message, 64))).isEqualTo(SendOutcome.sent());
        }
        assertThat(records(disk.bytes(IN_MEMORY)))
                .hasSize(1)
                .allSatisfy(record ->
                        assertThat(ExportTraceServiceRequest.parseFrom(record)).isEqualTo(message));
    }

    static Stream<Arguments> failuresOfARotation() {
        return Stream.of(
                argumentSet("no new name", MemoryDisk.Call.RENAME, SendOutcome.Kind.RETRYABLE),
                argumentSet("no new file", MemoryDisk.Call.OPEN, SendOutcome.Kind.RETRYABLE),
                argumentSet("the old one does not close", MemoryDisk.Call.CLOSE, SendOutcome.Kind.RETRYABLE),
                argumentSet("old ones are not found", MemoryDisk.Call.LIST, SendOutcome.Kind.SENT));
    }

    @ParameterizedTest
    @MethodSource("failuresOfARotation")
    void aRotationThatFailsIsMadeUpForAndLosesNothing(MemoryDisk.Call call, SendOutcome.Kind outcome) throws Exception {
        byte[] before = oneRecord((1 << 20) - 10);
        disk.put(IN_MEMORY, before);
        Message message = messages().get(0);
        try (ExporterHarness exporter = onMemory("format: proto", "rotation: {max_megabytes: 1}")) {
            disk.fail(call);
            assertThat(exporter.send(ExporterHarness.request(message, 50)).kind())
                    .isEqualTo(outcome);
            disk.fail();
            exporter.send(ExporterHarness.request(message, 50));
        }
        assertThat(disk.bytes(IN_MEMORY.resolveSibling("spans-2023-11-14T22-13-20.000.pb")))
                .isEqualTo(before);
        assertThat(records(disk.bytes(IN_MEMORY))).hasSize(outcome == SendOutcome.Kind.SENT ? 2 : 1);
    }

    @Test
    void aTornRecordBehindAFileThatCouldNotBePutAwayIsAllThatIsCutOff() throws Exception {
        byte[] before = oneRecord((1 << 20) - 10);
        disk.put(IN_MEMORY, before);
        for (int millis = 0; millis <= 1000; millis++) {
            disk.put(
                    IN_MEMORY.resolveSibling(
                            "spans-2023-11-14T22-13-2%d.%03d.pb".formatted(millis / 1000, millis % 1000)),
                    new byte[1]);
        }
        try (ExporterHarness exporter = onMemory("format: proto", "rotation: {max_megabytes: 1, max_backups: 0}")) {
            disk.fail(MemoryDisk.Call.APPEND);
            exporter.send(ExporterHarness.request(messages().get(0), 50));
        }
        assertThat(disk.bytes(IN_MEMORY)).isEqualTo(before);
    }

    @Test
    void theSystemsOwnFullDiskIsRetryable() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "/dev/full is there");
        try (ExporterHarness exporter = exporter(full)) {
            assertThat(exporter.send(ExporterHarness.request(messages().get(0), 50)))
                    .isEqualTo(
                            SendOutcome.retryable("file \"/dev/full\" cannot be written (no space left on device)", 0));
        }
    }

    @Test
    void directoriesAreMadeWithTheirPermissions() throws Exception {
        Path file = directory.resolve("a/b/otlp.json");
        assertThatThrownBy(() -> exporter(file))
                .hasMessage("path: directory \"" + file.getParent()
                        + "\" does not exist; create it or set create_directory: true");
        try (ExporterHarness exporter = exporter(file, "create_directory: true", "directory_permissions: 0700")) {
            exporter.send(ExporterHarness.request(messages().get(0), 50));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                argumentSet("no path", "format: json", "path: is missing; it has no default"),
                argumentSet(
                        "groups",
                        "path: a.json\ngroup_by: {enabled: true, resource_attribute: x}",
                        "group_by: is not supported; write one file exporter for each file and route to them"),
                argumentSet(
                        "append and rotation",
                        "path: a.json\nappend: true\nrotation:",
                        "append: cannot be set beside \"rotation\", which always appends; remove it"),
                argumentSet(
                        "an encoding extension",
                        "path: a.json\nencoding: otlp_encoding",
                        "encoding: is not supported, encoding extensions do not exist here; set \"format\" to json or proto"),
                argumentSet(
                        "permissions",
                        "path: a.json\ncreate_directory: true\ndirectory_permissions: rwx",
                        "directory_permissions: \"rwx\" is no octal number up to 0777; write \"0755\""),
                argumentSet(
                        "a flush interval",
                        "path: a.json\nflush_interval: 1s",
                        "flush_interval: has no effect, each request is written to the file at once; remove it"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemNamesTheOptionAndWhatWouldBeRight(String yaml, String problem) {
        assertThat(ExporterHarness.problems(new FileExporterFactory(), yaml)).containsExactly(problem);
    }

    @Test
    void rotationIsTheCollectorsWhenPresent() {
        FileConfig config = (FileConfig)
                ExporterHarness.decode(new FileExporterFactory(), "path: a.json\nrotation:", new Problems());
        assertThat(config.rotation()).isEqualTo(new FileConfig.Rotation(100L << 20, 0, 100, false));
    }
}
