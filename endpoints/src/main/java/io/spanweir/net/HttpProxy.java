package io.spanweir.net;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code proxy_url}: an HTTP proxy that is spoken to in plain text. Threading: any thread, immutable.
 *
 * @param host name or address without brackets
 * @param authorization the value of {@code Proxy-Authorization}; null for none
 */
public record HttpProxy(String host, int port, @Nullable Secret authorization) {
    private static final int DEFAULT_PORT = 80;
    private static final String EXAMPLE = "write \"http://host:port\" or \"http://user:password@host:port\"";

    /** The option of this name; null when it is absent, empty or wrong. */
    public static @Nullable HttpProxy decode(ConfigNode yaml, String name) {
        String text = yaml.string(name).or("").strip();
        if (text.isEmpty()) {
            return null;
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            yaml.problem(name, "is no URL (" + Sentences.line(e.getReason()) + "); " + EXAMPLE);
            return null;
        }
        String scheme = url.getScheme();
        if (url.getRawAuthority() == null || scheme == null) {
            yaml.problem(name, "has no \"http://\" before the host; " + EXAMPLE);
        } else if (!scheme.equalsIgnoreCase("http")) {
            yaml.problem(name, "has scheme \"" + scheme + "\", only \"http\" is supported; " + EXAMPLE);
        } else if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65_535) {
            yaml.problem(name, "names no host and port; " + EXAMPLE);
        } else {
            String bare = url.getHost().startsWith("[")
                    ? url.getHost().substring(1, url.getHost().length() - 1)
                    : url.getHost();
            return new HttpProxy(
                    bare, url.getPort() < 0 ? DEFAULT_PORT : url.getPort(), authorization(url.getRawUserInfo()));
        }
        return null;
    }

    /** {@code user:password}, both percent-encoded. Source: RFC 7617, section 2. */
    private static @Nullable Secret authorization(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        byte[] both = (decoded(user) + ":" + decoded(password)).getBytes(StandardCharsets.UTF_8);
        return Secret.of("Basic " + Base64.getEncoder().encodeToString(both));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8); // a plus is no space here
    }

    /** {@code host:port}, with brackets around an IPv6 address: what messages show. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
