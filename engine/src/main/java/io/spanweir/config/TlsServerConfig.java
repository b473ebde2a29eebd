package io.spanweir.config;

import org.jspecify.annotations.Nullable;

/**
 * The {@code tls} section of what listens; without the section it listens in plain text. Source of names, defaults and
 * rules: collector, config/configtls.
 *
 * @param clientAuthorityFile clients must show a certificate signed by one in this file; null when they need none
 * @param reloadClientAuthority the file is read again when it changes
 */
public record TlsServerConfig(@Nullable String clientAuthorityFile, boolean reloadClientAuthority, TlsConfig common) {

    /** Decodes the section; a certificate and its key are required. */
    public static TlsServerConfig decode(ConfigNode yaml) {
        TlsConfig common = TlsConfig.decode(yaml);
        boolean certificateNamed = yaml.has("cert_file") || yaml.has("cert_pem");
        boolean keyNamed = yaml.has("key_file") || yaml.has("key_pem");
        if (common.keyPair() == null && !certificateNamed && !keyNamed) {
            yaml.problem("a server needs a certificate; add \"cert_file\" and \"key_file\" or remove this section");
        }
        String clientAuthority = yaml.string("client_ca_file").or("");
        boolean reload = yaml.bool("client_ca_file_reload").or(false);
        if (reload && clientAuthority.isEmpty()) {
            yaml.problem("client_ca_file_reload", "needs \"client_ca_file\"; add it or remove this");
        }
        return new TlsServerConfig(clientAuthority.isEmpty() ? null : clientAuthority, reload, common);
    }
}
