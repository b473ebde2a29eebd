package io.spanweir.net;

import io.spanweir.config.Secret;
import io.spanweir.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * Certificates and private keys as PEM text: PKCS#8, and the older forms of RSA (PKCS#1) and of elliptic curves (SEC 1).
 * Errors name the file and what would be right. Threading: any thread.
 */
final class PemMaterial {
    /** DER of the algorithm identifiers in front of a key. Source: RFC 8017 appendix C, RFC 5480 section 2.1.1. */
    private static final byte[] RSA_ALGORITHM = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
    };

    private static final byte[] EC_ALGORITHM = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int EC_PARAMETERS = 0xA0;
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");

    private PemMaterial() {}

    /** For messages: the file in quotes, or the option's name. */
    static String name(TlsConfig.Pem pem) {
        return pem.file() == null ? "the PEM text" : '"' + pem.file() + '"';
    }

    static List<X509Certificate> certificates(TlsConfig.Pem pem) throws IOException {
        byte[] text = text(pem).getBytes(StandardCharsets.ISO_8859_1);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(text))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new IOException(name(pem) + " holds no certificate; expected \"-----BEGIN CERTIFICATE-----\"");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException(name(pem) + " holds no readable certificate (" + Sentences.cause(e) + ")", e);
        }
    }

    static PrivateKey privateKey(TlsConfig.Pem pem) throws IOException {
        String text = text(pem);
        byte[] pkcs8;
        if (text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new IOException(name(pem) + " is encrypted; store the key without a pass phrase");
        } else if (text.contains("-----BEGIN PRIVATE KEY-----")) {
            pkcs8 = body(text, "PRIVATE KEY", pem);
        } else if (text.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            pkcs8 = pkcs8(RSA_ALGORITHM, body(text, "RSA PRIVATE KEY", pem));
        } else if (text.contains("-----BEGIN EC PRIVATE KEY-----")) {
            byte[] sec1 = body(text, "EC PRIVATE KEY", pem);
            pkcs8 = pkcs8(concat(EC_ALGORITHM, curve(sec1, pem)), sec1);
        } else {
            throw new IOException(name(pem) + " holds no private key; expected \"-----BEGIN PRIVATE KEY-----\"");
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException notOfThisKind) {
                // the next kind may fit
            }
        }
        throw new IOException(name(pem) + " holds a private key that is none of " + String.join(", ", ALGORITHMS));
    }

    private static String text(TlsConfig.Pem pem) throws IOException {
        Secret text = pem.text();
        if (text != null) {
            return text.reveal();
        }
        String file = String.valueOf(pem.file());
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException('"' + file + "\" does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException('"' + file + "\" may not be read by this user", e);
        } catch (IOException e) {
            throw new IOException('"' + file + "\" cannot be read (" + Sentences.cause(e) + ")", e);
        }
    }

    private static byte[] body(String text, String label, TlsConfig.Pem pem) throws IOException {
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("-----END " + label + "-----", from);
        if (to < 0) {
            throw new IOException(name(pem) + " is cut short; \"-----END " + label + "-----\" is missing");
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from, to));
        } catch (IllegalArgumentException e) {
            throw new IOException(name(pem) + " holds a private key that is no base64", e);
        }
    }

    /** PrivateKeyInfo{version 0, algorithm, OCTET STRING key}. Source: RFC 5208, section 5. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return der(SEQUENCE, concat(concat(version, der(SEQUENCE, algorithm)), der(OCTET_STRING, key)));
    }

    /** The curve that ECPrivateKey{version, OCTET STRING key, [0] parameters, …} names. Source: RFC 5915, section 3. */
    private static byte[] curve(byte[] sec1, TlsConfig.Pem pem) throws IOException {
        int at = contentOffset(sec1, 0);
        while (at >= 0 && at < sec1.length - 1) {
            int content = contentOffset(sec1, at);
            int end = content < 0 ? -1 : content + contentLength(sec1, at);
            if (end < 0 || end > sec1.length) {
                break;
            }
            if ((sec1[at] & 0xFF) == EC_PARAMETERS) {
                return java.util.Arrays.copyOfRange(sec1, content, end);
            }
            at = end;
        }
        throw new IOException(name(pem) + " does not name the curve of its key; write it as PKCS#8");
    }

    private static int contentOffset(byte[] der, int at) {
        if (at + 1 >= der.length) {
            return -1;
        }
        int first = der[at + 1] & 0xFF;
        return first < 0x80 ? at + 2 : at + 2 + (first & 0x7F);
    }

    private static int contentLength(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int index = 0; index < (first & 0x7F) && at + 2 + index < der.length && index < 3; index++) {
            length = length << 8 | der[at + 2 + index] & 0xFF;
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >>> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
