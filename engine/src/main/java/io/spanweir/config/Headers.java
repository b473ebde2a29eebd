package io.spanweir.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** HTTP and gRPC headers of the configuration: a section, or a list of {@code name} and {@code value}. */
final class Headers {
    /** The characters of a token besides letters and digits. Source: RFC 9110, section 5.6.2. */
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private Headers() {}

    static Map<String, Secret> decode(ConfigNode headers) {
        Map<String, Secret> decoded = new LinkedHashMap<>();
        if (headers.isList()) {
            for (ConfigNode item : headers.items()) {
                item.decode(yaml -> add(decoded, yaml, yaml.string("name").required(), yaml.child("value")));
            }
        } else {
            for (ConfigNode child : headers.children()) {
                add(decoded, child, child.key(), child);
            }
        }
        return Collections.unmodifiableMap(decoded);
    }

    private static boolean add(Map<String, Secret> decoded, ConfigNode at, String name, ConfigNode value) {
        String text = value.string().or("");
        if (name.isEmpty() || !name.chars().allMatch(Headers::isTokenLetter)) {
            at.problem(Texts.quoted(name) + " is no header name; use letters, digits and \"-\"");
        } else if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            at.problem("a header value cannot have line breaks; remove them");
        } else {
            decoded.put(name, Secret.of(text));
        }
        return true;
    }

    private static boolean isTokenLetter(int letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9')
                || TOKEN_MARKS.indexOf(letter) >= 0;
    }
}
