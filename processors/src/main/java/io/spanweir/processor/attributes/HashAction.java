package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ValueView;
import io.spanweir.wire.Bytes;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * {@code hash}: the value becomes the SHA-256 of its content in hexadecimal. Of a text its UTF-8, of a number its eight bytes,
 * of a boolean one byte, all little endian; empty texts, bytes, arrays and maps become the empty text, as in the collector.
 * Threading: lane.
 */
final class HashAction implements AttributeAction {
    private static final int DIGEST_BYTES = 32;
    private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

    private final byte[] key;
    private final @Nullable KeyPattern pattern;
    private final MessageDigest sha256;
    private final ValueView value = new ValueView();
    private final byte[] number = new byte[8];
    private final byte[] digest = new byte[DIGEST_BYTES];
    private final byte[] text = new byte[2 * DIGEST_BYTES];

    HashAction(String key, String pattern) {
        this.key = key.getBytes(UTF_8);
        this.pattern = KeyPattern.of(pattern);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    @Override
    public void apply(AttributesView attributes) {
        if (key.length > 0 && attributes.find(key, value)) {
            attributes.putString(key, text, 0, hash());
        }
        KeyPattern keys = pattern;
        if (keys == null) {
            return;
        }
        attributes.rewind();
        while (attributes.next()) {
            if (keys.matchesCurrent(attributes)) {
                attributes.value(value);
                attributes.putCurrentString(text, 0, hash());
            }
        }
    }

    /** Writes the hash of the value into {@link #text} and returns its length. */
    private int hash() {
        switch (value.type()) {
            case STRING -> {
                return hash(value.bytes(), value.contentOffset(), value.contentLength());
            }
            case BOOL -> {
                number[0] = (byte) (value.booleanValue() ? 1 : 0);
                return hash(number, 0, 1);
            }
            case INT -> {
                Bytes.putLong(number, 0, value.longValue());
                return hash(number, 0, number.length);
            }
            case DOUBLE -> {
                Bytes.putLong(number, 0, Double.doubleToRawLongBits(value.doubleValue()));
                return hash(number, 0, number.length);
            }
            default -> {
                return 0;
            }
        }
    }

    private int hash(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        sha256.update(bytes, offset, length);
        try {
            sha256.digest(digest, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e); // the array has the length of a digest
        }
        for (int i = 0; i < DIGEST_BYTES; i++) {
            text[2 * i] = HEX[digest[i] >> 4 & 15];
            text[2 * i + 1] = HEX[digest[i] & 15];
        }
        return text.length;
    }
}
