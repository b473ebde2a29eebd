package io.spanweir.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Fnv1aTest {
    private static final BigInteger PRIME = new BigInteger("1099511628211");
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, 0",
        "0.001, 184467440737095",
        "0.1, 18446744073709551",
        "1, 184467440737095519",
        "5, 922337203685477631",
        "10, 1844674407370955263",
        "25, 4611686018427387903",
        "33.3, 6142765776545279999",
        "50, 9223372036854775807",
        "99.9, 18428297329635844095",
        "100, 18446744073709551615",
        "1000, 18446744073709551615"
    })
    void limitIsTheCollectors(double percentage, String expected) {
        assertThat(Long.toUnsignedString(Fnv1a.limit(percentage))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000000000000001, '', e19535eed1bbaa8a, drop, drop, drop",
        "4bf92f3577b34da6a3ce929d0e0e4736, '', a54533ba2e4970b5, drop, drop, drop",
        "0af7651916cd43dd8448eb211c80319c, '', 33bf83d45f51634c, drop, drop, keep",
        "ffffffffffffffffffffffffffffffff, '', 17bec3739634fe2d, drop, keep, keep",
        "05569b7913eda8926be23d08b65ca19e, '', 9ac212d637d63ea1, drop, drop, drop",
        "1c0289065b22f16dc0dd6d77179fb015, default-hash-seed, 70f1e7706c545225, drop, drop, keep",
        "abf88ff1c396be1288fafafca01f13be, default-hash-seed, 72aa19703b7d5097, drop, drop, keep",
        "cb90f028eb1763dccc81374c645e13e3, default-hash-seed, bdb98d1fd3e93a87, drop, drop, drop",
        "4bf92f3577b34da6a3ce929d0e0e4736, tier-2, d070ae16919a9ca6, drop, drop, drop",
        "ffffffffffffffffffffffffffffffff, tier-2, 4b7d29272a2d4dea, drop, drop, keep"
    })
    void traceIdHasTheCollectorsHash(
            String id, String salt, String expected, String atOne, String atTen, String atFifty) {
        long high = Long.parseUnsignedLong(id.substring(0, 16), 16);
        long low = Long.parseUnsignedLong(id.substring(16), 16);
        long hash = Fnv1a.hashBigEndian(Fnv1a.hashBigEndian(Fnv1a.salted(salt), high), low);
        assertThat(Long.toHexString(hash)).isEqualTo(expected);
        assertThat(Fnv1a.keeps(hash, Fnv1a.limit(1))).isEqualTo(atOne.equals("keep"));
        assertThat(Fnv1a.keeps(hash, Fnv1a.limit(10))).isEqualTo(atTen.equals("keep"));
        assertThat(Fnv1a.keeps(hash, Fnv1a.limit(50))).isEqualTo(atFifty.equals("keep"));
    }

    @Test
    void hashIsTheOneOfTheDefinition() {
        SplittableRandom random = Seeds.random(Fnv1aTest.class, "bytes");
        for (int round = 0; round < 1_000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            BigInteger expected = new BigInteger("14695981039346656037");
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt();
                expected = expected.xor(BigInteger.valueOf(bytes[i] & 0xff))
                        .multiply(PRIME)
                        .mod(MODULUS);
            }
            long start = 0xcbf29ce484222325L;
            assertThat(Fnv1a.hash(start, bytes, 0, bytes.length))
                    .as(Seeds.repeat(Fnv1aTest.class))
                    .isEqualTo(expected.longValue());
        }
    }

    @Test
    void saltIsHashedFirst() {
        byte[] text = "tier-2".getBytes(StandardCharsets.UTF_8);
        assertThat(Fnv1a.salted("tier-2")).isEqualTo(Fnv1a.hash(0xcbf29ce484222325L, text, 0, text.length));
    }
}
