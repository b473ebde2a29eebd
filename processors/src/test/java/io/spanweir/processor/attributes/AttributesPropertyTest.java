package io.spanweir.processor.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.Signal;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random messages through random lists of actions, against the same actions made to maps of protobuf values. */
class AttributesPropertyTest {
    private static final int ROUNDS = 100;
    private static final int MESSAGES = 4;

    @ParameterizedTest
    @EnumSource(Signal.class)
    void editedItemsAreWhatTheOracleMakesOfThem(Signal signal) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(getClass(), signal.name(), round);
            EditOracle oracle = new EditOracle(random);
            compare("attributes", oracle.yaml("actions"), signal, random, round, EditOracle::asMap, oracle::edited);
        }
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void editedResourcesAreWhatTheOracleMakesOfThem(Signal signal) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(getClass(), "resource " + signal.name(), round);
            EditOracle oracle = new EditOracle(random);
            compare("resource", oracle.yaml("attributes"), signal, random, round, oracle::edited, EditOracle::asMap);
        }
    }

    private static void compare(
            String type,
            String options,
            Signal signal,
            SplittableRandom random,
            int round,
            Items.Edit ofResources,
            Items.Edit ofItems)
            throws Exception {
        OtlpGenerator generator = new OtlpGenerator(random).withoutUnknownFields();
        try (Pipe pipe = new Pipe(type, options, signal)) {
            for (int i = 0; i < MESSAGES; i++) {
                Message message = generate(generator, signal);
                Message sent = pipe.send(message);
                assertThat(Items.of(sent, EditOracle::asMap, EditOracle::asMap))
                        .as("%s%s", options, Seeds.repeat(AttributesPropertyTest.class, round))
                        .isEqualTo(Items.of(message, ofResources, ofItems));
            }
        }
    }

    private static Message generate(OtlpGenerator generator, Signal signal) {
        return switch (signal) {
            case TRACES -> generator.traces();
            case METRICS -> generator.metrics();
            case LOGS -> generator.logs();
        };
    }
}
