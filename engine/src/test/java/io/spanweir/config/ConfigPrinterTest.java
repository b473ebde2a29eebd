package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigPrinterTest {
    private final Problems problems = new Problems();

    private String printed(String text, Map<String, String> environment) {
        return ConfigPrinter.print(
                ConfigLoader.of(environment::get, Path.of("")).load(List.of("yaml:" + text), List.of(), problems));
    }

    @Test
    void mergedAndExpandedConfigurationIsPrintedWithSecretsMasked() {
        String text = """
                receivers: {otlp: {protocols: {grpc: , http: {endpoint: "${HOST}:4318"}}}}
                exporters:
                  otlp_http:
                    endpoint: https://user:hunter2@api.example.com/otlp
                    headers: {Authorization: Bearer hunter2, x-scope-orgid: tenant, X-SF-Token: hunter2}
                    tls: {key_pem: hunter2, key_file: /etc/key.pem, min_version: "1.3"}
                  list:
                    args: [Bearer hunter2, bearer of news, basic dXNlcg==]
                    headers:
                    - {name: api-key, value: hunter2}
                    - {name: accept, value: "*/*"}
                extensions:
                  basicauth:
                    client_auth: {username: me, password: "${PASSWORD}", password_file: ""}
                    htpasswd: {inline: hunter2}
                  bearertokenauth: {token: hunter2, tokens: [hunter2, hunter2]}
                service: {pipelines: {traces: {receivers: [otlp], processors: []}}, empty: {}, nothing: ~}
                """;
        assertThat(printed(text, Map.of("HOST", "localhost", "PASSWORD", "hunter2")))
                .isEqualTo("""
                        receivers:
                          otlp:
                            protocols:
                              grpc: null
                              http:
                                endpoint: localhost:4318
                        exporters:
                          otlp_http:
                            endpoint: "https://user:<masked>@api.example.com/otlp"
                            headers:
                              Authorization: "<masked>"
                              x-scope-orgid: tenant
                              X-SF-Token: "<masked>"
                            tls:
                              key_pem: "<masked>"
                              key_file: /etc/key.pem
                              min_version: "1.3"
                          list:
                            args:
                              - "<masked>"
                              - bearer of news
                              - "<masked>"
                            headers:
                              - name: api-key
                                value: "<masked>"
                              - name: accept
                                value: "*/*"
                        extensions:
                          basicauth:
                            client_auth:
                              username: me
                              password: "<masked>"
                              password_file: ""
                            htpasswd:
                              inline: "<masked>"
                          bearertokenauth:
                            token: "<masked>"
                            tokens: "<masked>"
                        service:
                          pipelines:
                            traces:
                              receivers:
                                - otlp
                              processors: []
                          empty: {}
                          nothing: null
                        """);
    }

    @ParameterizedTest(name = "{0} is secret: {1}")
    @CsvSource({
        "password, true",
        "Authorization, true",
        "proxy-authorization, true",
        "token, true",
        "bearer_token, true",
        "api_key, true",
        "X-Api-Key, true",
        "x-honeycomb-team, true",
        "key_pem, true",
        "client_secret, true",
        "DD-API-KEY, true",
        "hmac_key, true",
        "cookie, true",
        "aws_secret_access_key, true",
        "password_file, false",
        "token_url, false",
        "key, false",
        "keys, false",
        "key_file, false",
        "endpoint, false",
        "username, false",
        "token_endpoint, false",
        "x-scope-orgid, false",
        "monkey, false",
        "metadata_keys, false"
    })
    void nameTellsWhetherAValueIsSecret(String name, boolean secret) {
        assertThat(Secrets.isSecret(name)).isEqualTo(secret);
    }

    @Test
    void emptyConfigurationIsPrintedAsAnEmptySection() {
        assertThat(printed("", Map.of())).isEqualTo("{}\n");
    }

    @Test
    void whatIsPrintedLoadsToTheSameConfiguration() {
        for (int round = 0; round < 300; round++) {
            SplittableRandom random = Seeds.random(ConfigPrinterTest.class, "printed", round);
            Map<String, Object> expected = randomMap(random, 3);
            String json = json(expected);
            String printed = printed(json, Map.of());
            Problems again = new Problems();
            ConfigNode loaded = ConfigLoader.of(name -> null, Path.of("")).loadText("printed.yaml", printed, again);
            assertThat(again.list())
                    .as("%s\n%s", printed, Seeds.repeat(ConfigPrinterTest.class, round))
                    .isEmpty();
            assertThat(loaded.raw())
                    .as("%s\n%s", printed, Seeds.repeat(ConfigPrinterTest.class, round))
                    .isEqualTo(expected);
        }
    }

    private static final String[] TEXTS = {
        "",
        " ",
        "true",
        "no",
        "on",
        "~",
        "null",
        "0123",
        "1.5",
        "1e3",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "-",
        "a\nb",
        "a\n",
        "\ta",
        "'",
        "\"",
        "\\",
        "$",
        "$$",
        "${X}",
        "$${X}",
        "$$$",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "a,b",
        "<<",
        "=",
        "localhost:4317",
        "1:2",
        ":1",
        "größe 😀",
        "\u0085",
        "\u2028",
        "a b",
        "a  b",
        " a",
        "a ",
        "?",
        "? a",
        "|",
        ">",
        "2023-03-20"
    };

    private static Map<String, Object> randomMap(SplittableRandom random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int count = random.nextInt(4); count >= 0; count--) {
            map.put("k" + TEXTS[random.nextInt(TEXTS.length)].replace("::", ""), randomValue(random, depth));
        }
        return map;
    }

    private static Object randomValue(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> (long) random.nextInt();
            case 1 -> random.nextBoolean();
            case 2, 3 -> TEXTS[random.nextInt(TEXTS.length)];
            case 4 -> random.nextInt(1000) + 0.5;
            case 5 -> {
                List<Object> list = new ArrayList<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    list.add(randomValue(random, depth - 1));
                }
                yield list;
            }
            default -> randomMap(random, depth - 1);
        };
    }

    /** Writes the value as JSON with doubled dollars, by other code than the printer's. */
    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, inner) -> entries.add(quoted((String) key, "$") + ": " + json(inner)));
            return "{" + String.join(", ", entries) + "}";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ConfigPrinterTest::json).toList().toString();
        }
        return value instanceof String text ? quoted(text, "$$") : String.valueOf(value);
    }

    private static String quoted(String text, String dollar) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter == '$') {
                quoted.append(dollar);
            } else if (letter < ' ' || letter == '"' || letter == '\\' || letter > '~') {
                quoted.append(String.format("\\u%04x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
