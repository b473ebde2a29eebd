package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.CodedOutputStream;
import io.spanweir.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BytesTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                argumentSet("empty", "", true),
                argumentSet("NUL", "00", true),
                argumentSet("two bytes, lowest", "c280", true),
                argumentSet("two bytes, overlong", "c1bf", false),
                argumentSet("three bytes, lowest", "e0a080", true),
                argumentSet("three bytes, overlong", "e09fbf", false),
                argumentSet("before the surrogates", "ed9fbf", true),
                argumentSet("first surrogate", "eda080", false),
                argumentSet("last surrogate", "edbfbf", false),
                argumentSet("behind the surrogates", "ee8080", true),
                argumentSet("four bytes, lowest", "f0908080", true),
                argumentSet("four bytes, overlong", "f08fbfbf", false),
                argumentSet("U+10FFFF", "f48fbfbf", true),
                argumentSet("above U+10FFFF", "f4908080", false),
                argumentSet("lead F5", "f5808080", false),
                argumentSet("continuation alone", "80", false),
                argumentSet("cut", "e282", false),
                argumentSet("cut behind eight ASCII", "6162636465666768c3", false),
                argumentSet("bad third byte", "e28241", false));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void utf8IsStrict(String hex, boolean good) {
        byte[] text = HexFormat.of().parseHex(hex);
        assertThat(Bytes.utf8(text, 0, text.length)).isEqualTo(good);
        byte[] longer = HexFormat.of().parseHex("ff" + hex + "41".repeat(20) + "ff");
        assertThat(Bytes.utf8(longer, 1, text.length + 20)).isEqualTo(good);
        assertThat(Bytes.utf8(longer, 1, text.length)).isEqualTo(good);
    }

    @Test
    void utf8AgreesWithTheDecoderOfTheJdk() {
        SplittableRandom random = Seeds.random(getClass(), "utf8");
        int good = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] text = new byte[random.nextInt(24)];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) (random.nextInt(3) == 0 ? 0x80 + random.nextInt(0x80) : random.nextInt(0x80));
            }
            if (random.nextBoolean()) {
                byte[] real = new StringBuilder()
                        .appendCodePoint(random.nextInt(0x110000))
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                System.arraycopy(real, 0, text, 0, Math.min(real.length, text.length));
            }
            boolean expected = decodes(text);
            good += expected ? 1 : 0;
            assertThat(Bytes.utf8(text, 0, text.length))
                    .as(Seeds.repeat(getClass(), round))
                    .isEqualTo(expected);
            assertThat(Bytes.ascii(text, 0, text.length))
                    .as(Seeds.repeat(getClass(), round))
                    .isEqualTo(allBelow80(text));
        }
        assertThat(good).isGreaterThan(1000);
    }

    private static boolean decodes(byte[] text) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean allBelow80(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void varintsAreThoseOfProtobuf() throws java.io.IOException {
        SplittableRandom random = Seeds.random(getClass(), "varint");
        for (int round = 0; round < 20_000; round++) {
            long value = random.nextLong() >> random.nextInt(64);
            byte[] expected = new byte[CodedOutputStream.computeUInt64SizeNoTag(value)];
            CodedOutputStream.newInstance(expected).writeUInt64NoTag(value);
            byte[] written = new byte[12];
            int end = Bytes.putVarint(written, 1, value);
            assertThat(end - 1)
                    .as("length of %d", value)
                    .isEqualTo(expected.length)
                    .isEqualTo(Bytes.varintLength(value));
            assertThat(java.util.Arrays.copyOfRange(written, 1, end)).isEqualTo(expected);
            assertThat(Bytes.varintAt(written, 1)).isEqualTo(value);
            assertThat(Bytes.varintEnd(written, 1)).isEqualTo(end);
            assertThat(Bytes.zigzagDecoded(Bytes.zigzagEncoded(value))).isEqualTo(value);
        }
    }

    @Test
    void bitsAboveSixtyFourAreDropped() {
        byte[] padded = HexFormat.of().parseHex("8180808080808080807e");
        assertThat(Bytes.varintAt(padded, 0)).isEqualTo(1);
        assertThat(Bytes.varintEnd(padded, 0)).isEqualTo(10);
    }

    @Test
    void numbersHaveTheirByteOrder() {
        byte[] bytes = new byte[20];
        Bytes.putLong(bytes, 1, 0x0102030405060708L);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(1))
                .isEqualTo(0x0102030405060708L);
        assertThat(Bytes.longAt(bytes, 1)).isEqualTo(0x0102030405060708L);
        assertThat(Bytes.longBigEndianAt(bytes, 1)).isEqualTo(0x0807060504030201L);
        Bytes.putLongBigEndian(bytes, 9, 0x0102030405060708L);
        assertThat(ByteBuffer.wrap(bytes).getLong(9)).isEqualTo(0x0102030405060708L);
        Bytes.putInt(bytes, 3, 0x01020304);
        assertThat(Bytes.intAt(bytes, 3)).isEqualTo(0x01020304);
        assertThat(Bytes.intBigEndianAt(bytes, 3)).isEqualTo(0x04030201);
        Bytes.putIntBigEndian(bytes, 3, 0x01020304);
        assertThat(ByteBuffer.wrap(bytes).getInt(3)).isEqualTo(0x01020304);
    }

    @Test
    void rangesAreComparedByContent() {
        byte[] bytes = {1, 2, 3, 1, 2};
        assertThat(Bytes.equal(bytes, 3, 2, new byte[] {1, 2})).isTrue();
        assertThat(Bytes.equal(bytes, 2, 2, new byte[] {1, 2})).isFalse();
        assertThat(Bytes.equal(bytes, 0, 3, new byte[] {1, 2})).isFalse();
        assertThat(Bytes.equal(bytes, 0, 2, bytes, 3, 2)).isTrue();
        assertThat(Bytes.equal(bytes, 0, 2, bytes, 2, 2)).isFalse();
    }
}
