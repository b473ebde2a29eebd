package io.spanweir.net;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.TlsClientConfig;
import io.spanweir.config.TlsConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of what connects: whom it trusts, what it shows, which versions it speaks. Files are read at {@link #load} and again
 * when {@code reload_interval} has passed, at the next handshake. Threading: any thread.
 */
public final class ClientTls {
    private final TlsClientConfig config;
    private final TrustManager trust;
    private final @Nullable KeyManager keys;

    private ClientTls(TlsClientConfig config, TrustManager trust, @Nullable KeyManager keys) {
        this.config = config;
        this.trust = trust;
        this.keys = keys;
    }

    /**
     * Reads certificates and keys.
     *
     * @throws IOException when a file cannot be read or does not hold what it should; the message is for the user
     */
    public static ClientTls load(TlsClientConfig config) throws IOException {
        TlsConfig common = config.common();
        TlsConfig.KeyPair pair = common.keyPair();
        TrustManager trust = config.skipVerify() ? new TrustAll() : ReloadingTrust.load(common);
        return new ClientTls(config, trust, pair == null ? null : ReloadingKeys.load(pair, common.reloadInterval()));
    }

    /** The section {@code tls}: the collector's, with a warning about what cannot be done. */
    public static TlsClientConfig decode(ConfigNode yaml) {
        // SSLParameters.setNamedGroups came with Java 20, the release level is 17.
        yaml.ignored("curve_preferences", "has no effect on clients; set the JVM's -Djdk.tls.namedGroups or remove it");
        return TlsClientConfig.decode(yaml);
    }

    /** The name to ask for and to verify; null for the host's. */
    public @Nullable String serverName() {
        return config.serverName();
    }

    /** A context that offers these application protocols ({@code h2}, {@code http/1.1}), in the order of preference. */
    public SslContext context(String... applicationProtocols) throws IOException {
        TlsConfig common = config.common();
        List<String> versions = new ArrayList<>();
        for (TlsConfig.Version version : TlsConfig.Version.values()) {
            if (version.compareTo(common.versions().min()) >= 0
                    && version.compareTo(common.versions().max()) <= 0) {
                versions.add(version.protocol());
            }
        }
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(trust)
                .protocols(versions)
                .endpointIdentificationAlgorithm(config.skipVerify() ? "" : "HTTPS");
        if (keys != null) {
            builder.keyManager(keys);
        }
        List<String> suites = common.cipherSuites();
        if (!suites.isEmpty()) {
            checkSuites(suites);
            builder.ciphers(suites);
        } else if (Arrays.equals(applicationProtocols, new String[] {"h2"})) {
            builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        }
        if (applicationProtocols.length > 0) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    applicationProtocols));
        }
        return builder.build();
    }

    private static void checkSuites(List<String> suites) throws IOException {
        try {
            List<String> supported =
                    List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
            for (String suite : suites) {
                if (!supported.contains(suite)) {
                    throw new IOException("tls.cipher_suites: \"" + suite + "\" is not known to this JDK; remove it");
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK has no TLS (" + Sentences.cause(e) + ")", e);
        }
    }
}
