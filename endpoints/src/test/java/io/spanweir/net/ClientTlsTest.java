package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.config.Secret;
import io.spanweir.config.TlsClientConfig;
import io.spanweir.config.TlsConfig;
import io.spanweir.testsink.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
    @TempDir
    Path directory;

    private TestCertificates certificates;

    @BeforeEach
    void makeAuthority() throws Exception {
        certificates = new TestCertificates(directory);
    }

    private static TlsConfig.Pem text(String pem) {
        return new TlsConfig.Pem(null, Secret.of(pem));
    }

    private static TlsConfig.Pem file(Path file) {
        return new TlsConfig.Pem(file.toString(), null);
    }

    @Test
    void allFormsOfRsaKeysAreRead() throws Exception {
        TestCertificates.Identity rsa = certificates.issue("rsa", "RSA");
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(rsa.key().getEncoded());
        String pkcs1 = TestCertificates.pem(
                "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
        assertThat(PemMaterial.privateKey(file(rsa.keyFile()))).isEqualTo(rsa.key());
        assertThat(PemMaterial.privateKey(text(pkcs1))).isEqualTo(rsa.key());
    }

    @Test
    void allFormsOfEcKeysAreRead() throws Exception {
        TestCertificates.Identity ec = certificates.issue("ec", "EC");
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(ec.key().getEncoded());
        ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
        ECPrivateKey named = new ECPrivateKey(
                256,
                key.getKey(),
                X962Parameters.getInstance(info.getPrivateKeyAlgorithm().getParameters()));
        String sec1 = TestCertificates.pem("EC PRIVATE KEY", named.getEncoded());
        assertThat(PemMaterial.privateKey(file(ec.keyFile()))).isEqualTo(ec.key());
        String withParameters = "-----BEGIN EC PARAMETERS-----\nAA==\n-----END EC PARAMETERS-----\n" + sec1;
        assertThat(PemMaterial.privateKey(text(withParameters)))
                .isInstanceOfSatisfying(
                        java.security.interfaces.ECPrivateKey.class,
                        read -> assertThat(read.getS())
                                .isEqualTo(((java.security.interfaces.ECPrivateKey) ec.key()).getS()));
    }

    @Test
    void aBadFileIsNamedWithWhatWouldBeRight() throws Exception {
        Path file = Files.writeString(directory.resolve("x.pem"), "hello");
        assertThatThrownBy(() -> PemMaterial.certificates(file(file)))
                .hasMessageContaining("\"" + file + "\" holds no");
        assertThatThrownBy(() -> PemMaterial.privateKey(file(file)))
                .hasMessage("\"" + file + "\" holds no private key; expected \"-----BEGIN PRIVATE KEY-----\"");
        assertThatThrownBy(() -> PemMaterial.privateKey(text("-----BEGIN ENCRYPTED PRIVATE KEY-----")))
                .hasMessage("the PEM text is encrypted; store the key without a pass phrase");
        assertThatThrownBy(() -> PemMaterial.privateKey(text("-----BEGIN PRIVATE KEY-----\nAAAA\n")))
                .hasMessage("the PEM text is cut short; \"-----END PRIVATE KEY-----\" is missing");
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
        for (String algorithm : new String[] {"RSA", "EC"}) {
            TestCertificates.Identity first = certificates.issue("first", "EC");
            TestCertificates.Identity second = certificates.issue("second", algorithm);
            TlsConfig.KeyPair mixed = new TlsConfig.KeyPair(file(first.certificateFile()), file(second.keyFile()));
            assertThatThrownBy(() -> ReloadingKeys.load(mixed, null))
                    .hasMessage("\"" + second.keyFile() + "\" is not the key of the certificate in \""
                            + first.certificateFile() + "\"");
        }
    }

    @Test
    void filesAreReadAgainAfterTheIntervalAndKeptWhenTheyAreBroken() throws Exception {
        TestCertificates.Identity first = certificates.issue("one", "EC");
        TestCertificates.Identity second = certificates.issue("two", "EC");
        TlsConfig.KeyPair pair = new TlsConfig.KeyPair(file(first.certificateFile()), file(first.keyFile()));
        ReloadingKeys reloading = ReloadingKeys.load(pair, Duration.ofNanos(1));
        ReloadingKeys fixed = ReloadingKeys.load(pair, null);
        Files.copy(second.keyFile(), first.keyFile(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(reloading.getPrivateKey("own"))
                .as("half of the files is new")
                .isEqualTo(first.key());
        Files.copy(second.certificateFile(), first.certificateFile(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(reloading.getPrivateKey("own")).isEqualTo(second.key());
        assertThat(fixed.getPrivateKey("own")).isEqualTo(first.key());
        Files.writeString(first.keyFile(), "broken");
        assertThat(reloading.getPrivateKey("own")).isEqualTo(second.key());
    }

    @Test
    void anUnknownCipherSuiteStopsTheStart() throws Exception {
        TlsClientConfig config = ConfigNode.parse("test.yaml", "cipher_suites: [TLS_ROT13]", new Problems())
                .decode(TlsClientConfig::decode);
        assertThatThrownBy(() -> ClientTls.load(config).context("h2"))
                .hasMessage("tls.cipher_suites: \"TLS_ROT13\" is not known to this JDK; remove it");
    }
}
