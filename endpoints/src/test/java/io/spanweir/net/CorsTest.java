package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {
    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "http://a.example, http://a.example, true",
        "http://a.example, https://a.example, false",
        "http://a.example, http://a.example.evil, false",
        "*, https://anything.example, true",
        "https://*.example.com, https://shop.example.com, true",
        "https://*.example.com, https://example.com, false",
        "https://*.example.com, https://shop.example.com.evil, false",
        "https://*.example.com:*, https://shop.example.com:8080, true",
        "https://*a*a, https://a, false",
        "https://*ab*b, https://xab, false",
        "https://*ab*b, https://xabb, true",
    })
    void anOriginMatchesAPatternOfTextAndStars(String pattern, String origin, boolean expected) {
        assertThat(Cors.matches(pattern, origin)).isEqualTo(expected);
    }
}
