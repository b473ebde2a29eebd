package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsConfigTest {
    private final Problems problems = new Problems();

    private TlsClientConfig client(String text) {
        return ConfigNode.parse("a.yaml", text, problems).decode(TlsClientConfig::decode);
    }

    private TlsServerConfig server(String text) {
        return ConfigNode.parse("a.yaml", text, problems).decode(TlsServerConfig::decode);
    }

    @Test
    void sectionWithoutOptionsIsTlsWithTheAuthoritiesOfTheSystem() {
        TlsClientConfig config = client("");
        assertThat(problems.list()).isEmpty();
        assertThat(config)
                .isEqualTo(new TlsClientConfig(
                        false,
                        false,
                        null,
                        new TlsConfig(
                                null,
                                false,
                                null,
                                new TlsConfig.Versions(TlsConfig.Version.TLS_1_2, TlsConfig.Version.TLS_1_3),
                                List.of(),
                                List.of(),
                                null)));
    }

    @Test
    void everyOptionOfAClientIsRead() {
        TlsClientConfig config = client("""
                insecure_skip_verify: true
                server_name_override: tempo
                ca_file: ca.crt
                include_system_ca_certs_pool: true
                cert_pem: CERT
                key_pem: KEY
                min_version: 1.3
                max_version: "1.3"
                cipher_suites: [TLS_AES_128_GCM_SHA256]
                curve_preferences: [P256, X25519]
                reload_interval: 24h
                """);
        assertThat(problems.list()).isEmpty();
        TlsConfig common = config.common();
        assertThat(config.skipVerify()).isTrue();
        assertThat(config.serverName()).isEqualTo("tempo");
        assertThat(common.authority()).isEqualTo(new TlsConfig.Pem("ca.crt", null));
        assertThat(common.includeSystemAuthorities()).isTrue();
        assertThat(common.keyPair())
                .isEqualTo(new TlsConfig.KeyPair(
                        new TlsConfig.Pem(null, Secret.of("CERT")), new TlsConfig.Pem(null, Secret.of("KEY"))));
        assertThat(common.versions().min().protocol()).isEqualTo("TLSv1.3");
        assertThat(common.cipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
        assertThat(common.curves()).containsExactly(TlsConfig.Curve.P256, TlsConfig.Curve.X25519);
        assertThat(common.reloadInterval()).isEqualTo(Duration.ofHours(24));
        assertThat(config.toString()).doesNotContain("KEY");
    }

    @Test
    void insecureIsPlainTextUnlessAnAuthorityIsNamed() {
        assertThat(client("insecure: true").plainText()).isTrue();
        assertThat(problems.list()).isEmpty();
        assertThat(client("{insecure: true, ca_file: ca.crt}").plainText()).isFalse();
        assertThat(problems.toString())
                .isEqualTo(
                        "a.yaml:1:12: insecure: has no effect beside \"ca_file\" or \"ca_pem\": TLS is used; remove one of them");
    }

    @Test
    void serverWithClientAuthorityAsksClientsForCertificates() {
        TlsServerConfig config =
                server("{cert_file: c, key_file: k, client_ca_file: ca.crt, client_ca_file_reload: true}");
        assertThat(problems.list()).isEmpty();
        assertThat(config.clientAuthorityFile()).isEqualTo("ca.crt");
        assertThat(config.reloadClientAuthority()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "key_file: k | a.yaml:1:11: key_file: needs its certificate; add \"cert_file\" or \"cert_pem\"",
                "cert_pem: c | a.yaml:1:11: cert_pem: needs its private key; add \"key_file\" or \"key_pem\"",
                "min_version: 2 | a.yaml:1:14: min_version: \"2\" is no version of TLS; write \"1.2\" or \"1.3\"",
                "max_version: 1.0 | a.yaml:1:14: max_version: \"1.0\" is no longer safe and not supported; write \"1.2\" or \"1.3\"",
                "reload_interval: -5s | a.yaml:1:18: reload_interval: \"-5s\" is too small; write 0s or more",
                "tpm: {enabled: true} | a.yaml:1:1: tpm: is not supported; use \"key_file\" or \"key_pem\"",
                "include_insecure_cipher_suites: true | a.yaml:1:1: include_insecure_cipher_suites: has no effect, the JDK decides what is safe; name \"cipher_suites\" or remove it",
                "insecure_skip_verfy: true | a.yaml:1:1: insecure_skip_verfy: unknown option; did you mean \"insecure_skip_verify\"?"
            })
    void rulesOfTheSectionAreReportedWhereTheyAreBroken(String text, String message) {
        client(text);
        assertThat(problems.toString()).isEqualTo(message);
    }

    @Test
    void optionsOfTheOtherSideAreUnknown() {
        server("{cert_file: c, key_file: k, insecure: true}");
        assertThat(problems.toString()).startsWith("a.yaml:1:29: insecure: unknown option; known: ca_file, ");
    }
}
