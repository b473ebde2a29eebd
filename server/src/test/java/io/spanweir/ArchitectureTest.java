package io.spanweir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which arrows between modules and packages there are; the map is in the architecture page. */
class ArchitectureTest {
    private static final String ROOT = "io.spanweir";

    /** Inside the engine, low to high: each may use only what stands before it. */
    private static final List<String> ENGINE = List.of(
            "wire",
            "data",
            "telemetry",
            "time",
            "storage",
            "memory",
            "trace",
            "config",
            "component",
            "export",
            "lane",
            "graph");

    /** Methods of {@code Files} that change nothing. */
    private static final Set<String> READING = Set.of(
            "newInputStream", "readString", "readAllBytes", "readAllLines", "exists", "isDirectory", "size", "list");

    private static final String[] PROCESSORS = {
        ROOT + ".processor..", ROOT + ".connector..", ROOT + ".sampling..", ROOT + ".filter.."
    };
    private static final String[] ENDPOINTS = {
        ROOT + ".receiver..", ROOT + ".exporter..", ROOT + ".extension..", ROOT + ".net.."
    };

    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        main = new ClassFileImporter()
                .withImportOption(ArchitectureTest::isMain)
                .importPackages(ROOT);
    }

    /** Not test classes, in a folder or in a jar of them, and not the programs that measure. */
    private static boolean isMain(Location location) {
        return !location.contains("/test-classes/")
                && !location.contains("/test/io/spanweir/")
                && !location.contains("-tests.jar")
                && !location.contains("/io/spanweir/perf/");
    }

    @Test
    void allModulesAreSeen() {
        assertThat(main)
                .extracting(JavaClass::getName)
                .contains(
                        "io.spanweir.wire.OtlpScanner",
                        "io.spanweir.processor.tailsampling.TailSamplingProcessorFactory",
                        "io.spanweir.receiver.otlp.OtlpReceiverFactory",
                        "io.spanweir.server.Main");
    }

    static Stream<Arguments> engineLevels() {
        return IntStream.range(0, ENGINE.size() - 1)
                .mapToObj(level -> Arguments.argumentSet(
                        ENGINE.get(level), ENGINE.get(level), ENGINE.subList(level + 1, ENGINE.size())));
    }

    @ParameterizedTest
    @MethodSource("engineLevels")
    void packageOfTheEngineUsesOnlyThoseBelowIt(String name, List<String> above) {
        String[] forbidden = above.stream().map(ArchitectureTest::engine).toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(engine(name))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden));
    }

    @Test
    void engineDoesNotKnowThoseWhoUseIt() {
        check(noClasses()
                .that()
                .resideInAnyPackage(engineAndItsTop())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(joined(PROCESSORS, ENDPOINTS, new String[] {ROOT + ".server.."})));
    }

    @Test
    void partsOfTheEngineDoNotKnowItsTop() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        ENGINE.stream().map(ArchitectureTest::engine).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT));
    }

    @Test
    void processorsAndEndpointsDoNotKnowEachOtherOrTheServer() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PROCESSORS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(joined(ENDPOINTS, new String[] {ROOT + ".server.."})));
        check(noClasses()
                .that()
                .resideInAnyPackage(ENDPOINTS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(joined(PROCESSORS, new String[] {ROOT + ".server.."})));
    }

    @Test
    void processorsAndEndpointsDoNotReachIntoThePlumbing() {
        check(noClasses()
                .that()
                .resideInAnyPackage(joined(PROCESSORS, ENDPOINTS))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(engine("lane"), engine("graph"), engine("export")));
    }

    /** A library and the packages that may know it. */
    static Stream<Arguments> libraries() {
        return Stream.of(
                Arguments.argumentSet("snakeyaml", "org.yaml.snakeyaml..", Set.of(ROOT + ".config")),
                Arguments.argumentSet("Disruptor", "com.lmax..", Set.of(ROOT + ".lane")),
                Arguments.argumentSet("protobuf-java", "com.google.protobuf..", Set.of()),
                Arguments.argumentSet("OTLP classes of protobuf-java", "io.opentelemetry.proto..", Set.of()),
                Arguments.argumentSet("OpenTelemetry SDK", "io.opentelemetry..", Set.of(ROOT + ".server.demo")),
                Arguments.argumentSet("picocli", "picocli..", Set.of(ROOT + ".server")),
                Arguments.argumentSet(
                        "Netty",
                        "io.netty..",
                        Set.of(
                                ROOT + ".net",
                                ROOT + ".receiver.otlp",
                                ROOT + ".exporter.otlpgrpc",
                                ROOT + ".exporter.otlphttp",
                                ROOT + ".extension.healthcheck",
                                ROOT + ".server")),
                Arguments.argumentSet(
                        "gRPC",
                        "io.grpc..",
                        Set.of(
                                ROOT + ".net",
                                ROOT + ".receiver.otlp",
                                ROOT + ".exporter.otlpgrpc",
                                ROOT + ".server.demo")));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void libraryIsKnownOnlyWhereItBelongs(String library, Set<String> packages) {
        check(noClasses()
                .that(new DescribedPredicate<JavaClass>("are in none of " + packages + " and not of the testkit") {
                    @Override
                    public boolean test(JavaClass one) {
                        return !packages.contains(one.getPackageName())
                                && !one.getPackageName().startsWith(ROOT + ".testkit");
                    }
                })
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library));
    }

    @Test
    void mainCodeDoesNotUseTheTestkit() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".testkit.."));
    }

    @Test
    void processorsReadNoClockAndStartNoThread() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PROCESSORS)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callCodeUnitWhere(targets(Thread.class))
                .orShould()
                .callCodeUnitWhere(targets(ThreadFactory.class))
                .orShould()
                .callCodeUnitWhere(targets(Executors.class)));
    }

    /** What a simulation or a test could not steer. The clock of the machine is read in one class, and while stopping. */
    @Test
    void engineAndProcessorsHaveTimeAndChanceFromTheirSeamsOnly() {
        check(noClasses()
                .that()
                .resideInAnyPackage(joined(engineAndItsTop(), PROCESSORS))
                .and()
                .doNotHaveFullyQualifiedName("io.spanweir.time.SystemClock")
                .and(areNot("io.spanweir.Spanweir"))
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.SecureRandom")
                .orShould()
                .callConstructor(java.util.Random.class)
                .orShould()
                .callConstructor(java.util.SplittableRandom.class)
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID"));
    }

    @Test
    void onlyTheConfigurationOfTheEngineReadsFilesAndNothingOpensASocket() {
        check(noClasses()
                .that()
                .resideInAnyPackage(engineAndItsTop())
                .and(areNot("io.spanweir.config"))
                .and(areNot("io.spanweir.storage"))
                .and(areNot("io.spanweir.Spanweir")) // the system's source of chance
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.RandomAccessFile")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.FileOutputStream"));
    }

    /**
     * Data gets onto the disk through {@code Disk}. Others only read: the configuration, TLS material, the system's source of
     * chance, and what it says of the process.
     */
    @Test
    void onlyTheSystemDiskWritesFiles() {
        check(noClasses()
                .that(areNot("io.spanweir.storage.SystemDisk"))
                .and(areNot("io.spanweir.config.SourceFiles"))
                .and(areNot("io.spanweir.net.PemMaterial"))
                .and(areNot("io.spanweir.Spanweir"))
                .and(areNot("io.spanweir.server.ProcessMetrics"))
                .and(areNot("io.spanweir.testkit"))
                .should()
                .dependOnClassesThat(areAnyOf(
                        java.nio.file.Files.class,
                        java.nio.channels.FileChannel.class,
                        java.io.File.class,
                        java.io.FileOutputStream.class,
                        java.io.FileWriter.class,
                        java.io.RandomAccessFile.class)));
        check(noClasses()
                .that(areNot("io.spanweir.storage.SystemDisk"))
                .and(areNot("io.spanweir.testkit"))
                .should()
                .callCodeUnitWhere(new DescribedPredicate<JavaCall<?>>("writes, renames or removes a file") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        return call.getTargetOwner().isEquivalentTo(java.nio.file.Files.class)
                                && !READING.contains(call.getName());
                    }
                }));
    }

    /** Sleeping and waking is the thread's: a lane or a queue that is turned by hand does neither. */
    @Test
    void onlyThreadsOfTheProgramSleep() {
        check(noClasses()
                .that()
                .resideInAnyPackage(joined(engineAndItsTop(), PROCESSORS))
                .should()
                .callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void processorsOpenNoSocketAndNoFile() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PROCESSORS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.io.."));
    }

    @Test
    void backtrackingRegexesStayOutOfDataAndUserExpressions() {
        String[] allButConfig = joined(
                PROCESSORS,
                ENGINE.stream()
                        .filter(name -> !name.equals("config"))
                        .map(ArchitectureTest::engine)
                        .toArray(String[]::new));
        check(noClasses()
                .that()
                .resideInAnyPackage(allButConfig)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex.."));
        check(noClasses()
                .that()
                .resideInAnyPackage(PROCESSORS)
                .should()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class));
    }

    @Test
    void onlyBytesReadsWordsOfByteArrays() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.spanweir.wire.Bytes")
                .should()
                .callMethod(
                        java.lang.invoke.MethodHandles.class,
                        "byteArrayViewVarHandle",
                        Class.class,
                        java.nio.ByteOrder.class));
    }

    private static DescribedPredicate<JavaClass> areAnyOf(Class<?>... types) {
        return new DescribedPredicate<>("are any of " + List.of(types)) {
            @Override
            public boolean test(JavaClass one) {
                return Stream.of(types).anyMatch(one::isEquivalentTo);
            }
        };
    }

    private static DescribedPredicate<JavaCall<?>> targets(Class<?> type) {
        return new DescribedPredicate<>("goes to " + type.getSimpleName()) {
            @Override
            public boolean test(JavaCall<?> call) {
                return call.getTargetOwner().isEquivalentTo(type);
            }
        };
    }

    /** Neither in that package nor that class or one inside of it. */
    private static DescribedPredicate<JavaClass> areNot(String name) {
        return new DescribedPredicate<>("are not of " + name) {
            @Override
            public boolean test(JavaClass one) {
                return !one.getPackageName().equals(name)
                        && !one.getName().equals(name)
                        && !one.getName().startsWith(name + "$");
            }
        };
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(main);
    }

    private static String engine(String name) {
        return ROOT + "." + name + "..";
    }

    private static String[] engineAndItsTop() {
        return Stream.concat(Stream.of(ROOT), ENGINE.stream().map(ArchitectureTest::engine))
                .toArray(String[]::new);
    }

    private static String[] joined(String[]... groups) {
        return Stream.of(groups).flatMap(Stream::of).toArray(String[]::new);
    }
}
