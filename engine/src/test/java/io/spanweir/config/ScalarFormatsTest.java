package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarFormatsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0 | INTEGER",
                "12 | INTEGER",
                "-7 | INTEGER",
                "+7 | INTEGER",
                "0123 | INTEGER",
                "0o17 | INTEGER",
                "0xdeadBEEF | INTEGER",
                "0b101 | INTEGER",
                "1_000 | INTEGER",
                "18446744073709551615 | INTEGER",
                "0129 | DECIMAL",
                "1.5 | DECIMAL",
                ".5 | DECIMAL",
                "5. | DECIMAL",
                "1e3 | DECIMAL",
                "-1.5E-3 | DECIMAL",
                ".inf | DECIMAL",
                "-.INF | DECIMAL",
                ".nan | DECIMAL",
                "true | BOOLEAN",
                "False | BOOLEAN",
                "TRUE | BOOLEAN",
                "~ | NULL",
                "null | NULL",
                "NULL | NULL",
                "yes | STRING",
                "on | STRING",
                "tRue | STRING",
                "1:30 | STRING",
                "2023-03-20 | STRING",
                "0x | STRING",
                "0b2 | STRING",
                "1e | STRING",
                "- | STRING",
                ". | STRING",
                "infinity | STRING",
                "1.2.3 | STRING",
                "10s | STRING",
                "0xg | STRING",
                "nan | STRING",
                "_1 | STRING"
            })
    void plainScalarHasTheKindThatTheCollectorGivesIt(String text, Scalars.Kind kind) {
        assertThat(Scalars.kindOf(text)).isEqualTo(kind);
    }

    @Test
    void emptyPlainScalarIsNull() {
        assertThat(Scalars.kindOf("")).isEqualTo(Scalars.Kind.NULL);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0123, 83",
        "-0123, -83",
        "0o17, 15",
        "0O17, 15",
        "0x10, 16",
        "-0x10, -16",
        "0b101, 5",
        "1_000_000, 1000000",
        "18446744073709551615, 18446744073709551615",
        "00, 0"
    })
    void integersHaveTheValueOfTheirNotation(String text, BigInteger value) {
        assertThat(Scalars.integerOf(text)).isEqualTo(value);
    }

    @Test
    void endlessDigitsAreText() {
        assertThat(Scalars.kindOf("1".repeat(401))).isEqualTo(Scalars.Kind.STRING);
    }

    @ParameterizedTest(name = "{0} is {1} ns")
    @CsvSource({
        "0, 0",
        "0s, 0",
        "-0, 0",
        "10ns, 10",
        "10us, 10000",
        "10µs, 10000",
        "10μs, 10000",
        "300ms, 300000000",
        "5s, 5000000000",
        "1m30s, 90000000000",
        "1.5h, 5400000000000",
        ".5s, 500000000",
        "5.s, 5000000000",
        "-1m, -60000000000",
        "+1s, 1000000000",
        "1h2m3s4ms, 3723004000000",
        "1s1m, 61000000000",
        "2562047h, 9223369200000000000"
    })
    void durationsAreReadAsGoWritesThem(String text, long nanos) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "30 | \"30\" has no unit; write \"30s\" (ms, s, m, h)",
                "1.5 | \"1.5\" has no unit; write \"1.5s\" (ms, s, m, h)",
                "7d | \"7d\" is in days; write \"168h\" (units are ms, s, m, h)",
                "2 days | \"2 days\" is in days; write \"48h\" (units are ms, s, m, h)",
                "5 s | \"5 s\" has a space; write \"5s\"",
                "5sec | \"5sec\" is no duration; write \"5s\"",
                "10 minutes | \"10 minutes\" is no duration; write \"10m\"",
                "250millis | \"250millis\" is no duration; write \"250ms\"",
                "soon | \"soon\" is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)",
                "1s30 | \"1s30\" is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)",
                "3000000h | \"3000000h\" is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)",
                ". | \".\" is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)",
                "-- | \"--\" is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)"
            })
    void wrongDurationIsAnsweredWithARightOne(String text, String problem) {
        assertThat(Durations.parse(text)).isNull();
        assertThat(Durations.problem(text)).isEqualTo(problem);
    }

    @ParameterizedTest(name = "{0} ns is {1}")
    @CsvSource({
        "0, 0s",
        "15, 15ns",
        "1500, 1.5us",
        "300000000, 300ms",
        "1500000000, 1.5s",
        "90000000000, 1m30s",
        "3600000000000, 1h",
        "5400000000000, 1h30m",
        "-5000000000, -5s"
    })
    void durationsAreShownAsTheyAreWritten(long nanos, String text) {
        assertThat(Durations.format(Duration.ofNanos(nanos))).isEqualTo(text);
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest(name = "{0} is {1} bytes")
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "512B, 512",
        "64KiB, 65536",
        "64MiB, 67108864",
        "1GiB, 1073741824",
        "2TiB, 2199023255552",
        "1KB, 1000",
        "1GB, 1000000000",
        "10 MiB, 10485760",
        "1.5KiB, 1536",
        "64mib, 67108864"
    })
    void sizesAreReadInBothKindsOfUnits(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "64M | \"64M\" has an unknown unit; write \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)",
                "1Gi | \"1Gi\" has an unknown unit; write \"1GiB\" (B, KiB, MiB, GiB, KB, MB, GB)",
                "1.5 | \"1.5\" is no size; write one such as \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)",
                "-1 | \"-1\" is no size; write one such as \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)",
                "9999999TiB | \"9999999TiB\" is no size; write one such as \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)",
                "much | \"much\" is no size; write one such as \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)"
            })
    void wrongSizeIsAnsweredWithARightOne(String text, String problem) {
        assertThat(Sizes.parse(text)).isNegative();
        assertThat(Sizes.problem(text)).isEqualTo(problem);
    }

    @ParameterizedTest(name = "{0} bytes is {1}")
    @CsvSource({"0, 0B", "1000, 1000B", "65536, 64KiB", "1610612736, 1536MiB", "1099511627776, 1TiB"})
    void sizesAreShownInTheLargestUnitThatDividesThem(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4317", "0.0.0.0:4318", ":4317", "[::1]:4317", "tempo.svc:0", "[fe80::1]:65535"})
    void endpointIsShownAsItIsWritten(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @Test
    void bracketsAreNotPartOfTheHost() {
        assertThat(Endpoint.parse("[::1]:4317")).isEqualTo(new Endpoint("::1", 4317));
        assertThat(Endpoint.parse(":4317")).isEqualTo(new Endpoint("", 4317));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "localhost | \"localhost\" has no port; write \"localhost:4317\"",
                "`` | \"\" has no port; write \"localhost:4317\"",
                "localhost:99999 | port \"99999\" is not in 0 to 65535",
                "localhost:http | port \"http\" is not in 0 to 65535",
                "localhost: | port \"\" is not in 0 to 65535",
                "localhost:-1 | port \"-1\" is not in 0 to 65535",
                "http://localhost:4318 | \"http://localhost:4318\" has a scheme; write \"localhost:4318\"",
                "http://localhost:4318/v1 | \"http://localhost:4318/v1\" has a scheme; write \"localhost:4318\"",
                "http://user:pw@host:1 | \"http://user:<masked>@host:1\" has a scheme; write \"host:port\"",
                "http://localhost | \"http://localhost\" has a scheme; write \"host:port\"",
                "::1:4317 | \"::1:4317\" has more than one colon; write an IPv6 address in brackets, as in \"[::1]:4317\"",
                "[::1] | \"[::1]\" has no port; write \"[address]:port\"",
                "[::1 | \"[::1\" has no port; write \"[address]:port\"",
                "a b:1 | \"a b:1\" is no endpoint; write \"host:port\"",
                "host:1/path | \"host:1/path\" is no endpoint; write \"host:port\""
            })
    void wrongEndpointIsAnsweredWithARightOne(String text, String problem) {
        assertThat(Endpoint.parse(text)).isNull();
        assertThat(Endpoint.problem(text)).isEqualTo(problem);
    }

    @ParameterizedTest(name = "{0} is {1} {2} {3} {4}")
    @CsvSource({
        "tempo:4317, NONE, tempo, 4317, ''",
        "http://tempo:4318, HTTP, tempo, 4318, ''",
        "http://tempo, HTTP, tempo, 80, ''",
        "https://api.example.com/v1/traces, HTTPS, api.example.com, 443, /v1/traces",
        "HTTPS://api.example.com:8443/?a=b, HTTPS, api.example.com, 8443, /?a=b",
        "http://[::1]/x, HTTP, ::1, 80, /x",
        "http://[::1]:4318, HTTP, ::1, 4318, ''",
        "[::1]:4317, NONE, ::1, 4317, ''",
        "dns:///tempo.svc:4317, DNS, tempo.svc, 4317, ''",
        "dns:///tempo.svc, DNS, tempo.svc, 443, ''"
    })
    void targetHasTheParts(String text, Target.Scheme scheme, String host, int port, String path) {
        assertThat(Target.parse(text)).isEqualTo(new Target(scheme, host, port, path));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unix:///run/otel.sock | Unix sockets are not supported; write \"host:port\", \"http://\", \"https://\" or \"dns:///\"",
                "grpc://tempo:4317 | scheme \"grpc\" is not supported; write \"host:port\", \"http://\", \"https://\" or \"dns:///\"",
                "tempo | \"tempo\" has no port; write \"tempo:4317\"",
                "tempo:4317/v1 | a path belongs to \"http://\" or \"https://\"; write \"tempo:4317\"",
                ":4317 | \":4317\" names no host; write \"localhost:4317\"",
                "tempo:0 | port 0 cannot be connected to",
                "http://user:pass@tempo:4318 | has a user name or password before the host; set an \"authorization\" header or an authenticator",
                "https://tempo:443x/ | port \"443x\" is not in 0 to 65535"
            })
    void wrongTargetIsAnsweredWithWhatIsSupported(String text, String problem) {
        assertThat(Target.parse(text)).isNull();
        assertThat(Target.problem(text)).isEqualTo(problem);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "decisionwait, decision_wait", "decisionWait, decision_wait", "decision-wait, decision_wait",
                "polices, policies",
        "num_trace, num_traces", "nam, name", "xyz,", "timeout, "
    })
    void closestNameIsFoundWhenItIsNear(String given, String expected) {
        assertThat(Texts.closest(given, java.util.List.of("decision_wait", "num_traces", "policies", "name")))
                .isEqualTo(expected);
    }
}
