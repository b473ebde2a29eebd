package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceIdTest {
    @Test
    void idsAreWrittenInLowerCaseAndReadInEither() {
        assertThat(TraceId.hex(0x0123456789abcdefL, -2L)).isEqualTo("0123456789abcdeffffffffffffffffe");
        assertThat(TraceId.spanIdHex(0x00000000000000ffL)).isEqualTo("00000000000000ff");
        byte[] text = "x0123456789ABCDEFfffffffffffffffe".getBytes(StandardCharsets.US_ASCII);
        assertThat(TraceId.isHex(text, 1, 32, TraceId.HEX_LENGTH)).isTrue();
        assertThat(TraceId.parseHex(text, 1)).isEqualTo(0x0123456789abcdefL);
        assertThat(TraceId.parseHex(text, 17)).isEqualTo(-2L);
    }

    @ParameterizedTest
    @CsvSource({
        "0123456789abcdeg",
        "0123456789abcde",
        "0123456789abcdef0",
        "'0123 56789abcdef'",
        "@123456789abcdef",
        "`123456789abcdef"
    })
    void whatIsNotSixteenDigitsIsNoSpanId(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(TraceId.isHex(bytes, 0, bytes.length, TraceId.SPAN_ID_HEX_LENGTH))
                .isFalse();
    }
}
