package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.net.ContentDecoders.Result;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContentDecodersTest {
    private static final int LIMIT = 4 << 20;

    private final ContentDecoders decoders = new ContentDecoders();

    @AfterEach
    void close() {
        decoders.close();
    }

    private Result decode(ContentEncoding encoding, byte[] compressed, int limit) {
        return decoders.decode(encoding, compressed, 0, compressed.length, limit);
    }

    private byte[] content() {
        return Arrays.copyOf(decoders.bytes(), decoders.length());
    }

    static byte[] request() {
        return new OrderTraffic(Seeds.random(ContentDecodersTest.class, "request")).request(700);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        Seeds.random(ContentDecodersTest.class, "random").nextBytes(bytes);
        return bytes;
    }

    static Stream<Arguments> contents() {
        return Stream.of(ContentEncoding.values())
                .flatMap(encoding -> Stream.of(
                        argumentSet(encoding + " of nothing", encoding, new byte[0]),
                        argumentSet(encoding + " of one byte", encoding, new byte[] {7}),
                        argumentSet(encoding + " of a request", encoding, request()),
                        argumentSet(encoding + " of noise", encoding, random(200_000)),
                        argumentSet(encoding + " of zeros", encoding, new byte[300_000])));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void whatWasCompressedComesBack(ContentEncoding encoding, byte[] content) throws IOException {
        byte[] compressed = Compressed.with(encoding, content);

        assertThat(decode(encoding, compressed, LIMIT)).as(decoders.problem()).isEqualTo(Result.DECODED);
        assertThat(content()).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void aLimitOfJustTheLengthIsEnoughAndOneLessIsNot(ContentEncoding encoding, byte[] content) throws IOException {
        byte[] compressed = Compressed.with(encoding, content);

        assertThat(decode(encoding, compressed, content.length)).isEqualTo(Result.DECODED);
        if (content.length > 0) {
            assertThat(decode(encoding, compressed, content.length - 1)).isEqualTo(Result.TOO_LARGE);
        }
    }

    @ParameterizedTest
    @EnumSource(ContentEncoding.class)
    void aBombStopsAtTheLimit(ContentEncoding encoding) throws IOException {
        byte[] compressed = Compressed.with(encoding, new byte[64 << 20]);

        assertThat(decode(encoding, compressed, 1 << 20)).isEqualTo(Result.TOO_LARGE);
        assertThat(decoders.bytes().length).isLessThanOrEqualTo(1 << 20);
    }

    @ParameterizedTest
    @EnumSource(value = ContentEncoding.class, mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
    void everyPrefixOfAStreamIsBroken(ContentEncoding encoding) throws IOException {
        byte[] content = "one span, another span, one span more".repeat(20).getBytes(StandardCharsets.UTF_8);
        byte[] compressed = Compressed.with(encoding, content);
        for (int length = 1; length < compressed.length; length++) {
            Result result = decoders.decode(encoding, compressed, 0, length, LIMIT);
            boolean stopsAtAChunk = encoding == ContentEncoding.SNAPPY_FRAMED && result == Result.DECODED;
            if (stopsAtAChunk) {
                assertThat(decoders.length()).as("prefix of %s bytes", length).isZero();
            } else {
                assertThat(result).as("prefix of %s bytes", length).isEqualTo(Result.BROKEN);
                assertThat(decoders.problem())
                        .contains(encoding == ContentEncoding.SNAPPY_FRAMED ? "snappy" : nameOf(encoding));
            }
        }
    }

    private static String nameOf(ContentEncoding encoding) {
        return encoding == ContentEncoding.DEFLATE ? "" : encoding.token();
    }

    @ParameterizedTest
    @EnumSource(ContentEncoding.class)
    void flippedBitsNeverThrowAndNeverPassTheLimit(ContentEncoding encoding) throws IOException {
        SplittableRandom random = Seeds.random(ContentDecodersTest.class, "flips " + encoding);
        byte[] compressed = Compressed.with(encoding, request());
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = compressed.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                int at = random.nextInt(random.nextBoolean() ? Math.min(32, damaged.length) : damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
            decode(encoding, damaged, LIMIT);
            assertThat(decoders.length())
                    .as("round %s; %s", round, Seeds.repeat(ContentDecodersTest.class))
                    .isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void severalGzipMembersAreOneContent() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Compressed.with(ContentEncoding.GZIP, "left ".getBytes(StandardCharsets.UTF_8)));
        both.write(Compressed.with(ContentEncoding.GZIP, "right".getBytes(StandardCharsets.UTF_8)));

        assertThat(decode(ContentEncoding.GZIP, both.toByteArray(), LIMIT)).isEqualTo(Result.DECODED);
        assertThat(content()).asString().isEqualTo("left right");
    }

    @Test
    void severalZstdFramesAreOneContent() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Compressed.with(ContentEncoding.ZSTD, "left ".getBytes(StandardCharsets.UTF_8)));
        both.write(Compressed.zstdStream("right".getBytes(StandardCharsets.UTF_8)));

        assertThat(decode(ContentEncoding.ZSTD, both.toByteArray(), LIMIT)).isEqualTo(Result.DECODED);
        assertThat(content()).asString().isEqualTo("left right");
    }

    @Test
    void aZstdFrameNeedNotSayItsLength() throws IOException {
        byte[] content = request();
        byte[] compressed = Compressed.zstdStream(content);

        assertThat(decode(ContentEncoding.ZSTD, compressed, content.length)).isEqualTo(Result.DECODED);
        assertThat(content()).isEqualTo(content);
        assertThat(decode(ContentEncoding.ZSTD, compressed, content.length - 1)).isEqualTo(Result.TOO_LARGE);
    }

    @Test
    void gzipHeadersMayHaveNamesCommentsAndMore() throws IOException {
        byte[] plain = Compressed.with(ContentEncoding.GZIP, "content".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream rich = new ByteArrayOutputStream();
        rich.write(plain, 0, 3);
        rich.write(2 | 4 | 8 | 16); // header checksum, extra field, name, comment
        rich.write(plain, 4, 6);
        rich.write(new byte[] {3, 0, 'a', 'b', 'c'});
        rich.write("file\0comment\0".getBytes(StandardCharsets.US_ASCII));
        rich.write(new byte[] {1, 2});
        rich.write(plain, 10, plain.length - 10);

        assertThat(decode(ContentEncoding.GZIP, rich.toByteArray(), LIMIT)).isEqualTo(Result.DECODED);
        assertThat(content()).asString().isEqualTo("content");
    }

    @Test
    void deflateMayLackItsHeader() throws IOException {
        byte[] compressed = Compressed.rawDeflate("content".getBytes(StandardCharsets.UTF_8));

        assertThat(decode(ContentEncoding.DEFLATE, compressed, LIMIT)).isEqualTo(Result.DECODED);
        assertThat(content()).asString().isEqualTo("content");
    }

    @Test
    void linkedLz4BlocksReachBackIntoEarlierOnes() {
        ByteBuffer frame = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0x184D2204).put((byte) 0x40).put((byte) 0x40).put((byte) 0xC0);
        frame.putInt(4 | 0x80000000).put("abcd".getBytes(StandardCharsets.US_ASCII));
        // No literals, a match of 8 four bytes back, then one literal.
        frame.putInt(5).put((byte) 0x04).putShort((short) 4).put((byte) 0x10).put((byte) '!');
        frame.putInt(0);
        byte[] linked = Arrays.copyOf(frame.array(), frame.position());
        byte[] independent = linked.clone();
        independent[4] |= 0x20;

        assertThat(decode(ContentEncoding.LZ4, linked, LIMIT)).isEqualTo(Result.DECODED);
        assertThat(content()).asString().isEqualTo("abcdabcdabcd!");
        assertThat(decode(ContentEncoding.LZ4, independent, LIMIT)).isEqualTo(Result.BROKEN);
    }

    @Test
    void aLongRowOfLz4LengthBytesIsBrokenAndNotTrusted() {
        byte[] frame = new byte[12 << 20];
        Arrays.fill(frame, (byte) 0xFF);
        ByteBuffer head = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0x184D2204)
                .put((byte) 0x60)
                .put((byte) 0x40)
                .put((byte) 0x82)
                .putInt(frame.length - 15);

        assertThat(decode(ContentEncoding.LZ4, frame, LIMIT)).isEqualTo(Result.BROKEN);
    }

    @ParameterizedTest
    @EnumSource(
            value = ContentEncoding.class,
            names = {"ZSTD", "SNAPPY"})
    void aPromisedLengthIsNotPaidInAdvance(ContentEncoding encoding) {
        byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xA0, 0, 0, 0x30, 0, 0x0D, 0, 0, 7};
        byte[] snappy = {(byte) 0x80, (byte) 0x80, (byte) 0xC0, 1, 0, 'a'};

        assertThat(decode(encoding, encoding == ContentEncoding.ZSTD ? zstd : snappy, LIMIT))
                .isEqualTo(Result.BROKEN);
        assertThat(decoders.bytes().length).isLessThan(1 << 20);
    }

    @Test
    void aZstdFrameThatWantsAHugeWindowIsRefused() {
        // No content size; window descriptor 0xA8: 2^31 bytes.
        byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) 0xA8, 1, 0, 0};

        assertThat(decode(ContentEncoding.ZSTD, frame, LIMIT)).isEqualTo(Result.BROKEN);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                argumentSet("absent", null, ContentEncoding.IDENTITY),
                argumentSet("empty", "", ContentEncoding.IDENTITY),
                argumentSet("identity", "identity", ContentEncoding.IDENTITY),
                argumentSet("in upper case", "GZIP", ContentEncoding.GZIP),
                argumentSet("with spaces", " zstd ", ContentEncoding.ZSTD),
                argumentSet("framed snappy", "x-snappy-framed", ContentEncoding.SNAPPY_FRAMED),
                argumentSet("unknown", "br", null),
                argumentSet("two", "gzip, gzip", null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void encodingsAreKnownByTheirHeader(String header, ContentEncoding expected) {
        assertThat(ContentEncoding.of(header)).isEqualTo(expected);
    }
}
