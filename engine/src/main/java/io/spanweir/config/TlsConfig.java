package io.spanweir.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of a {@code tls} section have. Source of names, defaults and rules: collector, config/configtls.
 *
 * @param authority certificates that the peer's must be signed by; null for those of the system
 * @param includeSystemAuthorities the system's beside {@code authority}
 * @param keyPair this side's certificate; null when it has none
 * @param cipherSuites names of the JDK and of the IANA; empty for the JDK's choice
 * @param curves in the order of preference; empty for the JDK's choice
 * @param reloadInterval how often the files are read again; null for never
 */
public record TlsConfig(
        @Nullable Pem authority,
        boolean includeSystemAuthorities,
        @Nullable KeyPair keyPair,
        Versions versions,
        List<String> cipherSuites,
        List<Curve> curves,
        @Nullable Duration reloadInterval) {
    public TlsConfig {
        cipherSuites = List.copyOf(cipherSuites);
        curves = List.copyOf(curves);
    }

    /**
     * PEM text, or the file that holds it; exactly one is not null.
     *
     * @param file path as written
     */
    public record Pem(@Nullable String file, @Nullable Secret text) {
        static @Nullable Pem decode(ConfigNode yaml, String name) {
            String fileOption = name + "_file";
            String textOption = name + "_pem";
            String file = yaml.string(fileOption).orNull();
            Secret text = yaml.secret(textOption).orNull();
            boolean hasFile = file != null && !file.isEmpty();
            boolean hasText = text != null && !text.isEmpty();
            if (hasFile && hasText) {
                yaml.problem(textOption, "cannot be set beside \"" + fileOption + "\"; keep one");
            }
            if (hasFile) {
                return new Pem(file, null);
            }
            return hasText ? new Pem(null, text) : null;
        }
    }

    /** A certificate chain and its private key. */
    public record KeyPair(Pem certificate, Pem key) {
        static @Nullable KeyPair decode(ConfigNode yaml) {
            Pem certificate = Pem.decode(yaml, "cert");
            Pem key = Pem.decode(yaml, "key");
            if (certificate != null && key != null) {
                return new KeyPair(certificate, key);
            }
            if (certificate != null) {
                yaml.problem(
                        certificate.file() == null ? "cert_pem" : "cert_file",
                        "needs its private key; add \"key_file\" or \"key_pem\"");
            } else if (key != null) {
                yaml.problem(
                        key.file() == null ? "key_pem" : "key_file",
                        "needs its certificate; add \"cert_file\" or \"cert_pem\"");
            }
            return null;
        }
    }

    /** The protocol versions that may be agreed on, both included. */
    public record Versions(Version min, Version max) {
        private static final Map<String, Version> OLD = Map.of("1.0", Version.TLS_1_2, "1.1", Version.TLS_1_2);

        static Versions decode(ConfigNode yaml) {
            Version min = version(yaml, "min_version", Version.TLS_1_2);
            Version max = version(yaml, "max_version", Version.TLS_1_3);
            if (min.compareTo(max) > 0) {
                yaml.problem("max_version", "is below \"min_version\"; write the same version or a later one");
                return new Versions(max, max);
            }
            return new Versions(min, max);
        }

        private static Version version(ConfigNode yaml, String name, Version defaultVersion) {
            String text = yaml.string(name).or("");
            if (OLD.containsKey(text)) {
                yaml.problem(
                        name, Texts.quoted(text) + " is no longer safe and not supported; write \"1.2\" or \"1.3\"");
                return defaultVersion;
            }
            return switch (text) {
                case "" -> defaultVersion;
                case "1.2" -> Version.TLS_1_2;
                case "1.3" -> Version.TLS_1_3;
                default -> {
                    yaml.problem(name, Texts.quoted(text) + " is no version of TLS; write \"1.2\" or \"1.3\"");
                    yield defaultVersion;
                }
            };
        }
    }

    /** A version of the protocol, oldest first. */
    public enum Version {
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3");

        private final String protocol;

        Version(String protocol) {
            this.protocol = protocol;
        }

        /** The name that the JDK knows. */
        public String protocol() {
            return protocol;
        }
    }

    /** A curve of the key exchange, as the collector names it. */
    public enum Curve {
        X25519("x25519"),
        P256("secp256r1"),
        P384("secp384r1"),
        P521("secp521r1");

        private static final Map<String, Curve> NAMES =
                Map.of("X25519", X25519, "P256", P256, "P384", P384, "P521", P521);

        private final String group;

        Curve(String group) {
            this.group = group;
        }

        /** The name of the group that the JDK knows. */
        public String group() {
            return group;
        }

        static Curve decode(ConfigNode yaml) {
            return yaml.enumeration(new java.util.TreeMap<>(NAMES)).required();
        }
    }

    static TlsConfig decode(ConfigNode yaml) {
        yaml.refused("tpm", "is not supported; use \"key_file\" or \"key_pem\"");
        yaml.ignored(
                "include_insecure_cipher_suites",
                "has no effect, the JDK decides what is safe; name \"cipher_suites\" or remove it");
        Pem authority = Pem.decode(yaml, "ca");
        boolean includeSystem = yaml.bool("include_system_ca_certs_pool").or(false);
        return new TlsConfig(
                authority,
                includeSystem,
                KeyPair.decode(yaml),
                Versions.decode(yaml),
                yaml.strings("cipher_suites").orEmpty(),
                yaml.list("curve_preferences", Curve::decode).orEmpty(),
                positive(yaml));
    }

    private static @Nullable Duration positive(ConfigNode yaml) {
        Duration interval =
                yaml.duration("reload_interval").atLeast(Duration.ZERO).orNull();
        return interval == null || interval.isZero() ? null : interval;
    }
}
