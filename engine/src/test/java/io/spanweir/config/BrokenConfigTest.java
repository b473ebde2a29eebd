package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users see for broken configurations. Each {@code config/<case>.yaml} lies beside the messages expected of it, which
 * {@code -Dgolden.update} writes anew.
 */
class BrokenConfigTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("WORD", "several", "NUMBER", "23");

    private enum Mode {
        TRACE_COMPLETE,
        SPAN_INGEST
    }

    private record Policy(String name, Duration threshold) {
        static Policy decode(ConfigNode yaml) {
            return new Policy(
                    yaml.string("name").required(), yaml.duration("threshold").or(Duration.ZERO));
        }
    }

    private record Limits(int soft, int hard) {
        static Limits decode(ConfigNode yaml) {
            int soft = yaml.integer("soft").atLeast(0).or(0);
            int hard = yaml.integer("hard").atLeast(0).or(Integer.MAX_VALUE);
            if (soft > hard) {
                yaml.problem("soft", "\"" + soft + "\" is above \"hard\", which is \"" + hard + "\"; lower it");
            }
            return new Limits(soft, hard);
        }
    }

    /** An option of every kind. */
    private record Sample(
            Duration decisionWait,
            int count,
            double ratio,
            boolean enabled,
            long memoryBytes,
            String name,
            Endpoint endpoint,
            @Nullable Target target,
            Mode mode,
            List<String> tags,
            List<Policy> policies,
            Limits limits,
            TlsClientConfig tls,
            @Nullable TlsServerConfig serverTls) {
        static Sample decode(ConfigNode yaml) {
            yaml.alias("decision_wait_old", "wait");
            yaml.ignored("num_shards", "has no effect, lanes do this; set engine.lanes or remove it");
            yaml.secret("token").orNull();
            yaml.secret("api_key").orNull();
            yaml.headers("headers");
            return new Sample(
                    yaml.duration("wait").above(Duration.ZERO).or(Duration.ofSeconds(30)),
                    yaml.integer("count").atLeast(1).or(1),
                    yaml.decimal("ratio").atLeast(0.0).atMost(1.0).or(1.0),
                    yaml.bool("enabled").or(true),
                    yaml.size("memory").or(1L << 20),
                    yaml.string("name").or("gateway"),
                    yaml.endpoint("endpoint").or(new Endpoint("localhost", 4317)),
                    yaml.target("target").orNull(),
                    yaml.enumeration("mode", Mode.class).or(Mode.TRACE_COMPLETE),
                    yaml.strings("tags").orEmpty(),
                    yaml.list("policies", Policy::decode).orEmpty(),
                    yaml.record("limits", Limits::decode),
                    yaml.record("tls", TlsClientConfig::decode),
                    yaml.optionalRecord("server_tls", TlsServerConfig::decode));
        }
    }

    private static Path directory() {
        String root = System.getProperty("spanweir.root");
        Path module = root == null || root.isEmpty() ? Path.of("") : Path.of(root, "engine");
        return module.resolve("src/test/resources/config");
    }

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void brokenConfigurationIsAnsweredWithTheExpectedMessages(String name) throws IOException {
        Problems problems = new Problems();
        ConfigNode root =
                ConfigLoader.of(ENVIRONMENT::get, directory()).load(List.of(name + ".yaml"), List.of(), problems);
        root.decode(yaml -> yaml.record("sample", Sample::decode));
        StringBuilder messages = new StringBuilder();
        for (Problem problem : problems.list()) {
            messages.append(problem.severity()).append(' ').append(problem).append('\n');
        }
        Path golden = directory().resolve(name + ".expected");
        String update = System.getProperty("golden.update", "false");
        if (!update.isEmpty() && !update.equals("false")) {
            Files.writeString(golden, messages);
        }
        assertThat(messages).as("problems of " + name + ".yaml").isNotEmpty();
        assertThat(messages.toString()).isEqualTo(Files.readString(golden));
    }
}
