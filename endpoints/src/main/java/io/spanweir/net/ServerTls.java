package io.spanweir.net;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.spanweir.config.TlsConfig;
import io.spanweir.config.TlsServerConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * TLS of what listens: what it shows, whom it lets in, which versions it speaks. Files are read when the context is made and
 * again, at a handshake, when {@code reload_interval} has passed. Threading: any thread.
 */
public final class ServerTls {
    /** How old the authorities of clients may be with {@code client_ca_file_reload}. */
    private static final Duration CLIENT_AUTHORITY_AGE_MAX = Duration.ofSeconds(10);

    private ServerTls() {}

    /**
     * A context that agrees on one of these application protocols ({@code h2}, {@code http/1.1}), in the order of preference.
     *
     * @throws IOException when a file cannot be read or does not hold what it should; the message is for the user
     */
    public static SslContext context(TlsServerConfig config, String... applicationProtocols) throws IOException {
        TlsConfig common = config.common();
        TlsConfig.KeyPair pair = common.keyPair();
        if (pair == null) {
            throw new IOException("tls: a server needs a certificate; add \"cert_file\" and \"key_file\"");
        }
        SslContextBuilder builder = SslContextBuilder.forServer(ServerKeys.load(pair, common.reloadInterval()))
                .sslProvider(SslProvider.JDK)
                .protocols(protocols(common.versions()));
        String clientAuthority = config.clientAuthorityFile();
        if (clientAuthority != null) {
            builder.clientAuth(ClientAuth.REQUIRE)
                    .trustManager(ReloadingTrust.load(
                            clientAuthorities(common, clientAuthority, config.reloadClientAuthority())));
        }
        List<String> suites = common.cipherSuites();
        if (!suites.isEmpty()) {
            checkSuites(suites);
            builder.ciphers(suites);
        } else if (applicationProtocols.length == 1 && applicationProtocols[0].equals("h2")) {
            builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        }
        builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                applicationProtocols));
        return builder.build();
    }

    private static TlsConfig clientAuthorities(TlsConfig common, String file, boolean reload) {
        return new TlsConfig(
                new TlsConfig.Pem(file, null),
                false,
                null,
                common.versions(),
                List.of(),
                List.of(),
                reload ? CLIENT_AUTHORITY_AGE_MAX : common.reloadInterval());
    }

    private static List<String> protocols(TlsConfig.Versions versions) {
        List<String> names = new ArrayList<>();
        for (TlsConfig.Version version : TlsConfig.Version.values()) {
            if (version.compareTo(versions.min()) >= 0 && version.compareTo(versions.max()) <= 0) {
                names.add(version.protocol());
            }
        }
        return names;
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
