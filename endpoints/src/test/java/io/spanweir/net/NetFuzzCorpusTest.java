package io.spanweir.net;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.spanweir.testkit.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The seeds of the fuzz tests of this module are what this generator makes. */
class NetFuzzCorpusTest {
    /** Not the seed of the test run: the files are committed. */
    private final SplittableRandom random = new SplittableRandom(931);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private byte[] damaged(byte[] good) {
        byte[] bad = good.clone();
        if (bad.length > 0) {
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextBoolean() ? bad : Arrays.copyOf(bad, random.nextInt(bad.length + 1));
    }

    @Test
    void seedsOfTheDecoders() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        byte[] text = utf8("some text, some text, some more text; ".repeat(7));
        byte[] zeros = new byte[5000];
        for (ContentEncoding encoding : ContentEncoding.values()) {
            byte[] head = {(byte) encoding.ordinal(), 30};
            String name = encoding.name().toLowerCase(java.util.Locale.ROOT);
            byte[] compressed = Compressed.with(encoding, text);
            seeds.put(name, joined(head, compressed));
            seeds.put(name + "-twice", joined(head, compressed, compressed));
            seeds.put(name + "-damaged", joined(head, damaged(compressed)));
            if (encoding != ContentEncoding.IDENTITY) {
                seeds.put(name + "-zeros", joined(head, Compressed.with(encoding, zeros)));
            }
        }
        seeds.put("deflate-raw", joined(new byte[] {5, 40}, Compressed.rawDeflate(text)));
        seeds.put("zstd-stream", joined(new byte[] {2, 40}, Compressed.zstdStream(text)));
        for (Compression compression : Compression.values()) {
            byte[] head = {(byte) (0x80 | compression.ordinal()), 30};
            seeds.put("encode-" + compression.token(), joined(head, text));
        }
        Corpus.verify("io.spanweir.net.ContentDecodersFuzzTest", "decode", seeds);
    }

    @Test
    void seedsOfTheAnswers() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        ByteArrayOutputStream retryInfo = new ByteArrayOutputStream();
        CodedOutputStream info = CodedOutputStream.newInstance(retryInfo);
        info.writeMessage(1, Duration.newBuilder().setSeconds(3).setNanos(5).build());
        info.flush();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream status = CodedOutputStream.newInstance(bytes);
        status.writeInt32(1, 14);
        status.writeString(2, "full");
        status.writeMessage(
                3,
                Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
                        .setValue(ByteString.copyFrom(retryInfo.toByteArray()))
                        .build());
        status.flush();
        seeds.put("status", bytes.toByteArray());
        seeds.put("status-damaged", damaged(bytes.toByteArray()));
        seeds.put(
                "partial",
                ExportTraceServiceResponse.newBuilder()
                        .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                .setRejectedSpans(12)
                                .setErrorMessage("too old\nby far"))
                        .build()
                        .toByteArray());
        List<String> texts = List.of(
                "{\"partialSuccess\":{\"rejectedSpans\":\"5\",\"errorMessage\":\"a\\n\\u00e4\\\"\"}}",
                "{ \"code\" : 14 , \"message\" : \"full\", \"details\": [null, true, false, -1.5e3, {}, []] }",
                "{\"partialSuccess\":{\"rejectedDataPoints\":1e999999999}}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "<html>busy</html>",
                "{\"message\":\"cut",
                "{\"a\":1,}");
        for (int i = 0; i < texts.size(); i++) {
            seeds.put("json-" + i, utf8(texts.get(i)));
        }
        Corpus.verify("io.spanweir.net.AnswersFuzzTest", "read", seeds);
    }

    @Test
    void seedsOfTheHttpConnection() throws IOException, Http2Exception {
        Map<String, byte[]> seeds = new TreeMap<>();
        String get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
        byte[] packed = Compressed.with(ContentEncoding.GZIP, utf8("hello, hello, hello"));
        String head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n";
        seeds.put("get", utf8(get));
        seeds.put("pipelined", utf8(get + get.replace("GET", "HEAD") + get));
        seeds.put("close", utf8(get.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + get));
        seeds.put("http-1.0", utf8(get.replace("1.1", "1.0")));
        seeds.put("post", utf8(head + "Content-Length: 5\r\n\r\nhello"));
        seeds.put(
                "gzip",
                joined(
                        utf8(head + "Content-Encoding: gzip\r\nContent-Length: " + packed.length + "\r\n\r\n"),
                        packed,
                        utf8(get)));
        seeds.put(
                "gzip-damaged",
                joined(utf8(head + "Content-Encoding: zlib\r\nContent-Length: 9\r\n\r\n"), new byte[9], utf8(get)));
        seeds.put(
                "chunked",
                utf8(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n" + get));
        seeds.put("both-lengths", utf8(head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"));
        seeds.put("two-lengths", utf8(head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello"));
        seeds.put("continue", utf8(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok"));
        seeds.put("unknown-expectation", utf8(head + "Expect: tea\r\nContent-Length: 2\r\n\r\nok" + get));
        seeds.put("unknown-encoding", utf8(head + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\nok" + get));
        seeds.put("too-large", utf8(head + "Content-Length: 99999\r\n\r\n" + "x".repeat(300)));
        seeds.put("chunk-too-large", utf8(head + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n" + "x".repeat(300)));
        seeds.put("refused", utf8("POST /refused HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" + get));
        seeds.put("no-http", utf8("\u0016\u0003\u0001\u0000 not HTTP at all\r\n\r\n"));
        seeds.put("bad-header", utf8("GET / HTTP/1.1\r\nno colon\r\n: x\r\n a\r\n\r\n"));
        seeds.put("http2", http2());
        seeds.replaceAll((name, bytes) -> joined(new byte[] {1, 2}, bytes));
        Corpus.verify("io.spanweir.net.HttpConnectionFuzzTest", "serve", seeds);
    }

    private static byte[] http2() throws Http2Exception {
        ByteBuf block = io.netty.buffer.Unpooled.buffer();
        new DefaultHttp2HeadersEncoder()
                .encodeHeaders(
                        1,
                        new DefaultHttp2Headers()
                                .method("POST")
                                .path("/v1/traces")
                                .scheme("http")
                                .authority("x"),
                        block);
        byte[] headers = new byte[block.readableBytes()];
        block.readBytes(headers);
        block.release();
        byte[] preface = new byte[24];
        Http2CodecUtil.connectionPrefaceBuf().readBytes(preface);
        return joined(
                preface,
                frame(4, 0, 0, new byte[0]),
                frame(1, 4, 1, headers),
                frame(0, 0, 1, utf8("hello")),
                frame(8, 0, 0, new byte[] {0, 0, 1, 0}),
                frame(0, 1, 1, utf8(" there")),
                frame(6, 0, 0, new byte[8]),
                frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
        return frame.putInt(stream).put(payload).array();
    }

    @Test
    void seedsOfTheGrpcMessages() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        byte[] text = utf8("a message, a message, a message, a message");
        ContentEncoding[] encodings = {
            ContentEncoding.GZIP,
            ContentEncoding.ZSTD,
            ContentEncoding.SNAPPY_FRAMED,
            ContentEncoding.DEFLATE,
            ContentEncoding.ZLIB,
            ContentEncoding.IDENTITY
        };
        for (int i = 0; i < encodings.length; i++) {
            byte[] body = Compressed.with(encodings[i], text);
            byte[] head = {(byte) i, 5};
            int flag = encodings[i] == ContentEncoding.IDENTITY ? 0 : 1;
            String name = encodings[i].name().toLowerCase(java.util.Locale.ROOT);
            seeds.put(name, joined(head, message(flag, body), message(0, text), message(flag, body)));
            seeds.put(name + "-damaged", joined(head, message(flag, damaged(body)), message(0, text)));
            seeds.put(
                    name + "-bomb",
                    joined(head, message(flag, Compressed.with(encodings[i], new byte[20_000])), message(0, text)));
        }
        seeds.put("empty", joined(new byte[] {5, 5}, message(0, new byte[0]), message(1, text)));
        seeds.put("bad-flag", joined(new byte[] {5, 5}, message(7, text)));
        seeds.put("long", joined(new byte[] {0, 5}, new byte[] {0, 0x7F, 0, 0, 0}, text));
        Corpus.verify("io.spanweir.receiver.otlp.GrpcMessageFuzzTest", "receive", shortened(seeds));
    }

    /** What compresses badly would fill the corpus. */
    private static Map<String, byte[]> shortened(Map<String, byte[]> seeds) {
        seeds.replaceAll((name, bytes) -> bytes.length > 3000 ? Arrays.copyOf(bytes, 3000) : bytes);
        return seeds;
    }

    private static byte[] message(int flag, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) flag)
                .putInt(body.length)
                .put(body)
                .array();
    }
}
