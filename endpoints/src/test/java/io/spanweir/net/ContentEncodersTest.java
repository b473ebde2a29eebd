package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.Bodies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentEncodersTest {
    private static byte[] encode(ContentEncoder encoder, byte[] plain, SplittableRandom random) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream stream = encoder.stream(encoded)) {
            int at = 0;
            while (at < plain.length) {
                int length = Math.min(plain.length - at, 1 + random.nextInt(100_000));
                stream.write(plain, at, length);
                at += length;
            }
        }
        return encoded.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whatIsEncodedIsDecodedByOthers(Compression compression) throws Exception {
        SplittableRandom random = Seeds.random(getClass(), compression.name());
        ContentEncoder encoder = ContentEncoders.of(compression, ContentEncoders.LEVEL_DEFAULT);
        byte[] noise = new byte[300_000];
        random.nextBytes(noise);
        List<byte[]> bodies = List.of(
                new byte[0],
                new byte[] {42},
                new byte[65_536],
                new byte[65_537],
                noise,
                new OrderTraffic(random).request(2_000));
        for (byte[] body : bodies) {
            assertThat(Bodies.decompress(encoder.token(), encode(encoder, body, random)))
                    .as(Seeds.repeat(getClass()))
                    .isEqualTo(body);
        }
    }

    @Test
    void snappyOfGrpcIsFramed() throws Exception {
        ContentEncoder encoder = ContentEncoders.ofGrpc(Compression.SNAPPY);
        byte[] encoded = encode(encoder, "text".getBytes(StandardCharsets.UTF_8), Seeds.random(getClass(), "framed"));
        assertThat(encoder.token()).isEqualTo("snappy");
        assertThat(Bodies.decompress("x-snappy-framed", encoded)).isEqualTo("text".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anLz4FrameBeginsAsTheCommandLineToolWritesIt() throws Exception {
        byte[] encoded =
                encode(ContentEncoders.of(Compression.LZ4, -1), new byte[0], Seeds.random(getClass(), "empty"));
        assertThat(HexFormat.of().formatHex(encoded)).isEqualTo("04224d18604082" + "00000000");
    }

    @Test
    void oneEncoderServesSeveralThreads() throws Exception {
        ContentEncoder encoder = ContentEncoders.of(Compression.GZIP, 1);
        byte[] body = new OrderTraffic(Seeds.random(getClass(), "threads")).request(500);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<byte[]>> encoded = new ArrayList<>();
            for (int count = 0; count < 64; count++) {
                encoded.add(threads.submit(() -> encode(encoder, body, new SplittableRandom(1))));
            }
            for (Future<byte[]> one : encoded) {
                assertThat(Bodies.decompress("gzip", one.get())).isEqualTo(body);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
