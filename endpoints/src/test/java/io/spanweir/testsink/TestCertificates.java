package io.spanweir.testsink;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority and certificates that it signed, as PEM files in a directory. */
public final class TestCertificates {
    /** A certificate with its key. */
    public record Identity(X509Certificate certificate, PrivateKey key, Path certificateFile, Path keyFile) {}

    private final Path directory;
    private final X509Certificate authority;
    private final PrivateKey authorityKey;
    private final Path authorityFile;
    private long serial = 1;

    public TestCertificates(Path directory) throws Exception {
        this.directory = directory;
        KeyPair pair = keyPair("EC");
        authorityKey = pair.getPrivate();
        X500Name name = new X500Name("CN=test authority");
        X509v3CertificateBuilder builder = builder(name, name, pair);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        authority = sign(builder);
        authorityFile = write("authority.pem", "CERTIFICATE", authority.getEncoded());
    }

    public X509Certificate authority() {
        return authority;
    }

    public Path authorityFile() {
        return authorityFile;
    }

    /** @param keyAlgorithm EC or RSA */
    public Identity issue(String commonName, String keyAlgorithm, String... dnsNamesAndAddresses) throws Exception {
        KeyPair pair = keyPair(keyAlgorithm);
        X509v3CertificateBuilder builder =
                builder(new X500Name("CN=test authority"), new X500Name("CN=" + commonName), pair);
        GeneralName[] names = new GeneralName[dnsNamesAndAddresses.length];
        for (int index = 0; index < names.length; index++) {
            boolean address = dnsNamesAndAddresses[index].matches("[0-9.]+");
            names[index] =
                    new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, dnsNamesAndAddresses[index]);
        }
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        X509Certificate certificate = sign(builder);
        return new Identity(
                certificate,
                pair.getPrivate(),
                write(commonName + ".pem", "CERTIFICATE", certificate.getEncoded()),
                write(commonName + ".key", "PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private Path write(String name, String label, byte[] der) throws IOException {
        return Files.writeString(directory.resolve(name), pem(label, der));
    }

    public static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static KeyPair keyPair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial++),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                pair.getPublic());
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey)));
    }
}
