package io.spanweir.net;

import io.spanweir.config.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts the configured authorities, the system's, or both. Threading: any thread. */
final class ReloadingTrust extends X509ExtendedTrustManager {
    private final Reloading<X509ExtendedTrustManager> managers;

    private ReloadingTrust(Reloading<X509ExtendedTrustManager> managers) {
        this.managers = managers;
    }

    static ReloadingTrust load(TlsConfig config) throws IOException {
        return new ReloadingTrust(new Reloading<>(() -> read(config), config.reloadInterval()));
    }

    private static X509ExtendedTrustManager read(TlsConfig config) throws IOException {
        TlsConfig.Pem authority = config.authority();
        try {
            if (authority == null) {
                return manager(null);
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int index = 0;
            for (X509Certificate certificate : PemMaterial.certificates(authority)) {
                store.setCertificateEntry("authority-" + index++, certificate);
            }
            if (config.includeSystemAuthorities()) {
                for (X509Certificate certificate : manager(null).getAcceptedIssuers()) {
                    store.setCertificateEntry("system-" + index++, certificate);
                }
            }
            return manager(store);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate authorities cannot be used (" + Sentences.cause(e) + ")", e);
        }
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this JDK has no " + X509TrustManager.class.getSimpleName());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        managers.current().checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        managers.current().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        managers.current().checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        managers.current().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        managers.current().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        managers.current().checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return managers.current().getAcceptedIssuers();
    }
}
