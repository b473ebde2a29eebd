package io.spanweir.wire;

import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.Corpus;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.WireMutator;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The seeds of the fuzz tests of this module are what this generator makes. */
class FuzzCorpusTest {
    private static final int BYTES_MAX = 900;
    private static final int REQUESTS_EACH = 3;

    /** Not the seed of the test run: the files are committed. */
    private final SplittableRandom random = new SplittableRandom(412);

    /** The first of the random messages that is small, and not empty. */
    private static byte[] small(Supplier<byte[]> source) {
        byte[] bytes = source.get();
        while (bytes.length > BYTES_MAX || bytes.length < 40) {
            bytes = source.get();
        }
        return bytes;
    }

    private static byte[] headed(int first, int headLength, byte[] body) {
        byte[] all = new byte[headLength + body.length];
        all[0] = (byte) first;
        for (int i = 1; i < headLength; i++) {
            all[i] = (byte) (i * 7);
        }
        System.arraycopy(body, 0, all, headLength, body.length);
        return all;
    }

    /** Requests as encoders write them, as none would, and broken ones. */
    private Map<String, byte[]> requests(int headLength, Signal... signals) {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (Signal signal : signals) {
            String name = signal.pipelineName();
            for (int i = 0; i < REQUESTS_EACH; i++) {
                byte[] plain = small(() ->
                        OtlpOracle.generate(signal, new OtlpGenerator(random)).toByteArray());
                byte[] wild = small(() -> WireMutator.wild(random).mutate(plain, OtlpOracle.descriptor(signal)));
                int first = signal.ordinal();
                seeds.put(name + "-plain-" + i, headed(first, headLength, plain));
                seeds.put(name + "-wild-" + i, headed(first, headLength, wild));
                seeds.put(
                        name + "-broken-" + i,
                        headed(first, headLength, WireMutator.wild(random).corrupt(plain)));
            }
        }
        return seeds;
    }

    @Test
    void seedsOfTheScanner() {
        Corpus.verify("io.spanweir.wire.OtlpScannerFuzzTest", "scan", requests(1, Signal.values()));
    }

    @Test
    void seedsOfTheRequestWriter() {
        Corpus.verify("io.spanweir.export.RequestWriterFuzzTest", "rewrite", requests(5, Signal.values()));
    }

    @Test
    void seedsOfThePackedIndex() {
        Corpus.verify("io.spanweir.lane.PackedIndexFuzzTest", "travel", requests(2, Signal.values()));
    }

    @Test
    void seedsOfTheViews() {
        Map<String, byte[]> seeds = requests(1, Signal.TRACES, Signal.LOGS);
        // Its first byte tells spans from log records by the lowest bit.
        seeds.forEach((name, bytes) -> bytes[0] = (byte) (name.startsWith("logs") ? 1 : 0));
        Corpus.verify("io.spanweir.data.ViewsFuzzTest", "read", seeds);
    }

    @Test
    void seedsOfTheOverlays() {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            Message.Builder item = i % 2 == 0 ? Span.newBuilder() : LogRecord.newBuilder();
            byte[] bytes = small(() -> {
                item.clear();
                new OtlpGenerator(random).fill(item);
                return WireMutator.orderly(random).mutate(item.build().toByteArray(), item.getDescriptorForType());
            });
            seeds.put((i % 2 == 0 ? "span-" : "record-") + i, headed(i, 5, bytes));
        }
        Corpus.verify("io.spanweir.data.OverlayFuzzTest", "edit", seeds);
    }

    @Test
    void seedsOfTheJsonReader() {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (Signal signal : Signal.values()) {
            Message type = OtlpOracle.defaultInstance(signal);
            for (int i = 0; i < 4; i++) {
                byte[] json = small(() -> OtlpJsonOracle.tolerated(OtlpJsonOracle.random(type, random), random)
                        .getBytes(StandardCharsets.UTF_8));
                seeds.put(signal.pipelineName() + "-" + i, headed(signal.ordinal(), 1, json));
            }
        }
        seeds.put("broken-escape", headed(0, 1, utf8("{\"resourceSpans\":[{\"schemaUrl\":\"\\ud800\\u12\"}]}")));
        seeds.put("depth", headed(1, 1, utf8("{\"resourceMetrics\":" + "[".repeat(120))));
        seeds.put(
                "numbers",
                headed(
                        2,
                        1,
                        utf8(
                                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":"
                                        + "\"18446744073709551615\",\"severityNumber\":9.0e0,\"body\":{\"doubleValue\":1e-400}}]}]}]}")));
        Corpus.verify("io.spanweir.wire.OtlpJsonReaderFuzzTest", "read", seeds);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
