package io.spanweir.net;

import io.spanweir.config.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one certificate that a server shows. An alias names one reading of the files, so that a handshake that runs while they
 * are read again does not mix the chain of one with the key of the other. Threading: any thread.
 */
final class ServerKeys extends X509ExtendedKeyManager {
    private record Material(String alias, List<X509Certificate> chain, PrivateKey key) {}

    private final Reloading<Material> reloading;
    /** The last two readings, newest first. */
    private volatile List<Material> recent;

    private ServerKeys(Reloading<Material> reloading) {
        this.reloading = reloading;
        this.recent = List.of(reloading.current());
    }

    static ServerKeys load(TlsConfig.KeyPair pair, @Nullable Duration reloadInterval) throws IOException {
        int[] readings = {0};
        return new ServerKeys(new Reloading<>(() -> read(pair, "reading-" + readings[0]++), reloadInterval));
    }

    private static Material read(TlsConfig.KeyPair pair, String alias) throws IOException {
        List<X509Certificate> chain = PemMaterial.certificates(pair.certificate());
        PrivateKey key = PemMaterial.privateKey(pair.key());
        String needed = chain.get(0).getPublicKey().getAlgorithm();
        if (!needed.equals(key.getAlgorithm()) && !key.getAlgorithm().startsWith("Ed")) {
            throw new IOException(PemMaterial.name(pair.key()) + " holds a key of type " + key.getAlgorithm()
                    + ", the certificate needs " + needed);
        }
        return new Material(alias, chain, key);
    }

    private Material named(String alias) {
        for (Material one : recent) {
            if (one.alias().equals(alias)) {
                return one;
            }
        }
        return newest();
    }

    private synchronized Material newest() {
        Material now = reloading.current();
        Material last = recent.get(0);
        if (!last.alias().equals(now.alias())) {
            recent = List.of(now, last);
        }
        return now;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Material now = newest();
        String algorithm = now.chain().get(0).getPublicKey().getAlgorithm();
        return algorithm.equals(keyType) ? now.alias() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {newest().alias()};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).key();
    }
}
