package io.spanweir.config;

import java.util.Locale;
import java.util.Set;

/** Which options hold secrets, by their names. */
final class Secrets {
    private static final Set<String> WHOLE_NAMES = Set.of(
            "authorization",
            "proxyauthorization",
            "cookie",
            "setcookie",
            "keypem",
            "hmackey",
            "inline",
            "xhoneycombteam",
            "dsn",
            "sessionkey");
    private static final String[] PARTS = {
        "password", "passwd", "passphrase", "token", "secret", "apikey", "accesskey", "privatekey", "credential"
    };

    /** Names that look like secrets but are places of secrets, sizes and switches. */
    private static final String[] HARMLESS_ENDS = {"file", "filename", "path", "enabled", "url", "endpoint", "ttl"};

    private Secrets() {}

    /** Whether the value under this key, or of the header with this name, must not be shown. */
    static boolean isSecret(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(".", "");
        for (String end : HARMLESS_ENDS) {
            if (plain.endsWith(end)) {
                return false;
            }
        }
        if (WHOLE_NAMES.contains(plain)) {
            return true;
        }
        for (String part : PARTS) {
            if (plain.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
