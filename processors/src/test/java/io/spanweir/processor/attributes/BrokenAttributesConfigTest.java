package io.spanweir.processor.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.component.ProcessorFactory;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import io.spanweir.processor.resource.ResourceProcessorFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users see for broken options of {@code attributes} and {@code resource}. Each {@code config/<type>/<case>.yaml} lies
 * beside the messages expected of it, which {@code -Dgolden.update} writes anew.
 */
class BrokenAttributesConfigTest {
    private static final List<ProcessorFactory> FACTORIES =
            List.of(new AttributesProcessorFactory(), new ResourceProcessorFactory());

    private static Path directory() {
        String root = System.getProperty("spanweir.root");
        Path module = root == null || root.isEmpty() ? Path.of("") : Path.of(root, "processors");
        return module.resolve("src/test/resources/config");
    }

    static Stream<String> cases() throws IOException {
        Stream<String> all = Stream.of();
        for (ProcessorFactory factory : FACTORIES) {
            try (Stream<Path> files = Files.list(directory().resolve(factory.type()))) {
                List<String> names = files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".yaml"))
                        .map(name -> factory.type() + "/" + name.substring(0, name.length() - ".yaml".length()))
                        .sorted()
                        .toList();
                all = Stream.concat(all, names.stream());
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void brokenOptionsAreAnsweredWithTheExpectedMessages(String name) throws IOException {
        Path file = directory().resolve(name + ".yaml");
        Problems problems = new Problems();
        ConfigNode root = ConfigLoader.of(variable -> null, file.getParent())
                .load(List.of(file.getFileName().toString()), List.of(), problems);
        for (ProcessorFactory factory : FACTORIES) {
            if (name.startsWith(factory.type())) {
                root.decode(factory::decode);
            }
        }
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
