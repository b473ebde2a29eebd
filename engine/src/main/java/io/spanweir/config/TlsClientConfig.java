package io.spanweir.config;

import org.jspecify.annotations.Nullable;

/**
 * The {@code tls} section of what connects. Source of names, defaults and rules: collector, config/configtls.
 *
 * @param plainText no TLS at all: {@code insecure: true} without a certificate authority
 * @param skipVerify any certificate of the server is taken
 * @param serverName the name to ask for and to verify instead of the host's; null for the host's
 */
public record TlsClientConfig(
        boolean plainText, boolean skipVerify, @Nullable String serverName, TlsConfig common) {

    /** Decodes the section; without one, TLS with the system's authorities. */
    public static TlsClientConfig decode(ConfigNode yaml) {
        TlsConfig common = TlsConfig.decode(yaml);
        boolean insecure = yaml.bool("insecure").or(false);
        boolean skipVerify = yaml.bool("insecure_skip_verify").or(false);
        if (insecure && common.authority() != null) {
            yaml.warning("insecure", "has no effect beside \"ca_file\" or \"ca_pem\": TLS is used; remove one of them");
        } else if (insecure && common.keyPair() != null) {
            yaml.warning(
                    "insecure", "sends plain text, so the certificate of this side has no effect; remove one of them");
        }
        boolean plainText = insecure && common.authority() == null;
        String serverName = yaml.string("server_name_override").or("");
        return new TlsClientConfig(plainText, skipVerify, serverName.isEmpty() ? null : serverName, common);
    }
}
