package io.spanweir.net;

import io.spanweir.config.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The one certificate that this side shows. Threading: any thread. */
final class ReloadingKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private record Material(List<X509Certificate> chain, PrivateKey key) {}

    private final Reloading<Material> material;

    private ReloadingKeys(Reloading<Material> material) {
        this.material = material;
    }

    static ReloadingKeys load(TlsConfig.KeyPair pair, @Nullable Duration reloadInterval) throws IOException {
        return new ReloadingKeys(new Reloading<>(() -> read(pair), reloadInterval));
    }

    private static Material read(TlsConfig.KeyPair pair) throws IOException {
        List<X509Certificate> chain = PemMaterial.certificates(pair.certificate());
        PrivateKey key = PemMaterial.privateKey(pair.key());
        if (!belong(chain.get(0).getPublicKey(), key)) {
            throw new IOException(PemMaterial.name(pair.key()) + " is not the key of the certificate in "
                    + PemMaterial.name(pair.certificate()));
        }
        return new Material(chain, key);
    }

    /** Whether the certificate's key verifies what the private key signs. Files are replaced one after the other. */
    private static boolean belong(PublicKey certified, PrivateKey key) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            byte[] probe = {1};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return aliasFor(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return aliasFor(keyTypes);
    }

    /** The JDK asks with the names of key algorithms, older suites as {@code EC_RSA}: key, then signature of its issuer. */
    private @Nullable String aliasFor(String[] keyTypes) {
        String algorithm = material.current().key().getAlgorithm();
        for (String keyType : keyTypes) {
            if (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")) {
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return material.current().chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return material.current().key();
    }
}
