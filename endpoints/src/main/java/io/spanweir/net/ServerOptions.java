package io.spanweir.net;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.TlsServerConfig;
import org.jspecify.annotations.Nullable;

/** Options that HTTP and gRPC servers share. Threading: one thread at a time. */
public final class ServerOptions {
    private ServerOptions() {}

    /** {@code tls}; null when the key is absent or has no value. */
    public static @Nullable TlsServerConfig tls(ConfigNode yaml) {
        if (!yaml.has("tls") || yaml.isNull("tls")) {
            return null;
        }
        return yaml.record("tls", tls -> {
            // SSLParameters.setNamedGroups came with Java 20, the release level is 17.
            tls.ignored(
                    "curve_preferences", "has no effect on servers; set the JVM's -Djdk.tls.namedGroups or remove it");
            return TlsServerConfig.decode(tls);
        });
    }

    /** What the collector has and Spanweir does not. */
    public static void refuseCommon(ConfigNode yaml) {
        if (!yaml.string("transport").or("tcp").equals("tcp")) {
            yaml.problem("transport", "only \"tcp\" is supported; write \"tcp\" or remove it");
        }
        yaml.refused(
                "auth",
                "there is no authenticator extension; remove it and let a proxy authenticate, or use \"tls.client_ca_file\"");
        if (yaml.has("middlewares")
                && !yaml.list("middlewares", ServerOptions::any).orEmpty().isEmpty()) {
            yaml.problem("middlewares", "there are no middleware extensions; remove it");
        }
    }

    private static String any(ConfigNode item) {
        return String.valueOf(item.raw());
    }
}
