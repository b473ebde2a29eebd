package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.spanweir.testkit.Poison;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a compressed body: never more than the limit, in bounded memory, the same whatever lies around, and what other
 * decoders make of it. Of the input, the first byte chooses the encoding and whether the rest is compressed first, the second
 * the limit.
 */
class ContentDecodersFuzzTest {
    private static final int LIMIT_MAX = 64 << 10;
    private static final int ALLOCATED_BYTES_MAX = 40 << 20;
    private static final int COMPRESS = 0x80;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ContentDecoders decoders = new ContentDecoders();

    @FuzzTest(maxDuration = "1m")
    void decode(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 2, input.length);
        if ((input[0] & COMPRESS) != 0) {
            Compression[] compressions = Compression.values();
            roundTrip(compressions[(input[0] & 0x7F) % compressions.length], body);
            return;
        }
        ContentEncoding[] encodings = ContentEncoding.values();
        ContentEncoding encoding = encodings[(input[0] & 0x7F) % encodings.length];
        int limit = Math.min(LIMIT_MAX, (input[1] & 0xFF) * (input[1] & 0xFF));
        String first = null;
        for (Poison poison : Poison.protobuf()) {
            byte[] around = poison.surround(body);
            String seen = decoded(encoding, around, body.length, limit);
            poison.assertIntact(around, body);
            assertThat(seen).as("with %s around", poison).isEqualTo(first == null ? seen : first);
            first = seen;
        }
        compare(encoding, body, limit);
    }

    private String decoded(ContentEncoding encoding, byte[] around, int length, int limit) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ContentDecoders.Result result = decoders.decode(encoding, around, Poison.OFFSET, length, limit);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated for a limit of %d", limit)
                .isLessThan(ALLOCATED_BYTES_MAX);
        if (result != ContentDecoders.Result.DECODED) {
            assertThat(decoders.problem().isEmpty()).isEqualTo(result == ContentDecoders.Result.TOO_LARGE);
            return result + decoders.problem();
        }
        assertThat(decoders.length()).isBetween(0, limit);
        return result + Arrays.toString(Arrays.copyOf(decoders.bytes(), decoders.length()));
    }

    private void compare(ContentEncoding encoding, byte[] body, int limit) {
        byte[] tight = result(encoding, body, limit);
        byte[] wide = result(encoding, body, LIMIT_MAX);
        if (tight != null) {
            assertThat(wide).isEqualTo(tight);
        } else if (wide != null) {
            assertThat(wide.length).as("refused at a limit of %d", limit).isGreaterThan(limit);
        }
        byte[] theirs = oracle(encoding, body);
        if (wide != null && theirs != null) {
            assertThat(wide).as("%s as another decoder reads it", encoding).isEqualTo(theirs);
        } else if (wide == null && theirs != null && theirs.length > 0 && strict(encoding)) {
            assertThat(theirs.length)
                    .as("%s refused, another decoder takes it", encoding)
                    .isGreaterThan(LIMIT_MAX);
        }
    }

    private byte @Nullable [] result(ContentEncoding encoding, byte[] body, int limit) {
        return decoders.decode(encoding, body, 0, body.length, limit) == ContentDecoders.Result.DECODED
                ? Arrays.copyOf(decoders.bytes(), decoders.length())
                : null;
    }

    /**
     * Whether the other decoder refuses all that is damaged. Java's of gzip takes anything behind the last trailer, and that of
     * zlib ends without content where a dictionary is needed.
     */
    private static boolean strict(ContentEncoding encoding) {
        return encoding == ContentEncoding.ZLIB;
    }

    /** What somebody else's decoder makes of it; null when it refuses, or when there is none. */
    private static byte @Nullable [] oracle(ContentEncoding encoding, byte[] body) {
        try {
            return switch (encoding) {
                case GZIP -> all(new GZIPInputStream(new ByteArrayInputStream(body)));
                case ZLIB -> all(new InflaterInputStream(new ByteArrayInputStream(body)));
                case SNAPPY -> snappy(body);
                default -> null;
            };
        } catch (IOException | MalformedInputException e) {
            return null;
        }
    }

    private static byte[] all(InputStream stream) throws IOException {
        return stream.readNBytes(LIMIT_MAX + 1);
    }

    private static byte @Nullable [] snappy(byte[] body) {
        SnappyDecompressor decompressor = new SnappyDecompressor();
        if (body.length == 0) {
            return null;
        }
        int length = SnappyDecompressor.getUncompressedLength(body, 0);
        if (length < 0 || length > LIMIT_MAX) {
            return null;
        }
        byte[] out = new byte[length];
        int count = decompressor.decompress(body, 0, body.length, out, 0, length);
        return Arrays.copyOf(out, count);
    }

    private void roundTrip(Compression compression, byte[] body) throws IOException {
        ContentEncoder encoder = ContentEncoders.of(compression, ContentEncoders.LEVEL_DEFAULT);
        if (encoder == null) {
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = encoder.stream(out)) {
            int half = body.length / 2;
            stream.write(body, 0, half);
            stream.write(body, half, body.length - half);
        }
        ContentEncoding encoding = ContentEncoding.of(encoder.token());
        if (encoding == null) {
            throw new AssertionError("nobody decodes " + encoder.token());
        }
        assertThat(result(encoding, out.toByteArray(), body.length))
                .as(encoder.token())
                .isEqualTo(body);
    }
}
