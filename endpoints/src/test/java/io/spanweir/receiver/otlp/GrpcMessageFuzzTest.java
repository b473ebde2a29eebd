package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.StatusRuntimeException;
import io.grpc.internal.MessageDeframer;
import io.grpc.internal.ReadableBuffers;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.StreamListener;
import io.grpc.internal.TransportTracer;
import io.netty.channel.DefaultEventLoopGroup;
import io.spanweir.memory.TransitRegion;
import io.spanweir.net.ContentDecoders;
import io.spanweir.net.ContentEncoding;
import io.spanweir.net.GrpcDecompressor;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as the messages of a gRPC call, in pieces of any size: each message is in transit memory as it was sent, or is
 * answered, and no transit memory is lost. Of the input, the first byte chooses the compression, the second is the seed of the
 * cuts.
 */
class GrpcMessageFuzzTest {
    private static final int HEAD_LENGTH = 2;
    private static final int MESSAGE_BYTES_MAX = 8 << 10;
    private static final int PREFIX_LENGTH = 5;
    private static final List<ContentEncoding> ENCODINGS = List.of(
            ContentEncoding.GZIP,
            ContentEncoding.ZSTD,
            ContentEncoding.SNAPPY_FRAMED,
            ContentEncoding.DEFLATE,
            ContentEncoding.ZLIB);
    private static final List<String> NAMES = List.of("gzip", "zstd", "snappy", "deflate", "zlib");

    private final RecordingContext context = new RecordingContext();
    private final Admissions admissions =
            new Admissions(context, "grpc", MESSAGE_BYTES_MAX, new DefaultEventLoopGroup(1));
    private final GrpcMessage.Marshaller marshaller = new GrpcMessage.Marshaller(admissions, Signal.TRACES);
    private final DecompressorRegistry registry =
            GrpcDecompressor.registry(new GrpcDecompressor.Pool(), MESSAGE_BYTES_MAX);
    private final ContentDecoders decoders = new ContentDecoders();

    @FuzzTest(maxDuration = "1m")
    void receive(byte[] input) throws IOException {
        if (input.length < HEAD_LENGTH) {
            return;
        }
        int choice = (input[0] & 0xFF) % (NAMES.size() + 1);
        Decompressor decompressor =
                choice == NAMES.size() ? Codec.Identity.NONE : registry.lookupDecompressor(NAMES.get(choice));
        if (decompressor == null) {
            throw new AssertionError(NAMES.get(choice));
        }
        byte[] stream = Arrays.copyOfRange(input, HEAD_LENGTH, input.length);
        List<String> whole = received(stream, decompressor, null);
        List<String> cut = received(stream, decompressor, new SplittableRandom(input[1]));
        assertThat(cut).as("the same bytes in pieces").isEqualTo(whole);
        List<String> expected = expected(stream, choice == NAMES.size() ? null : ENCODINGS.get(choice));
        assertThat(whole).isEqualTo(expected);
        assertThat(context.transit.usedBytes())
                .as("bytes of transit memory: at most the open segment")
                .isLessThanOrEqualTo(1 << 20);
    }

    private List<String> received(byte[] stream, Decompressor decompressor, @Nullable SplittableRandom cuts)
            throws IOException {
        List<String> messages = new ArrayList<>();
        Sink sink = new Sink(messages);
        MessageDeframer deframer = new MessageDeframer(
                sink, decompressor, MESSAGE_BYTES_MAX, StatsTraceContext.NOOP, new TransportTracer());
        deframer.request(Integer.MAX_VALUE);
        int at = 0;
        while (at < stream.length && !sink.failed) {
            int left = stream.length - at;
            int length = cuts == null ? left : Math.min(left, 1 + cuts.nextInt(cuts.nextInt(4) == 0 ? left : 16));
            try {
                deframer.deframe(ReadableBuffers.wrap(stream, at, length));
            } catch (StatusRuntimeException protocolError) {
                break; // grpc-java ends the call with it
            }
            at += length;
        }
        deframer.close();
        return messages;
    }

    private final class Sink implements MessageDeframer.Listener {
        private final List<String> messages;
        private boolean failed;

        Sink(List<String> messages) {
            this.messages = messages;
        }

        @Override
        public void bytesRead(int count) {}

        @Override
        public void messagesAvailable(StreamListener.MessageProducer producer) {
            for (InputStream stream = producer.next(); stream != null; stream = producer.next()) {
                messages.add(taken(marshaller.parse(stream)));
            }
        }

        @Override
        public void deframerClosed(boolean hasPartialMessage) {}

        @Override
        public void deframeFailed(Throwable cause) {
            failed = true;
        }
    }

    private String taken(GrpcMessage message) {
        TransitRegion region = message.region();
        Answer answer = message.answer();
        if (region == null) {
            assertThat(answer).isNotNull();
            return answer == null ? "" : answer.kind().name();
        }
        assertThat(answer).isNull();
        byte[] bytes = Arrays.copyOfRange(region.bytes(), region.offset(), region.offset() + message.lengthBytes());
        admissions.intake(Signal.TRACES).abandon(region);
        return Arrays.toString(bytes);
    }

    /** The same by the specification of gRPC over HTTP/2: a flag, a length, a message. */
    private List<String> expected(byte[] stream, @Nullable ContentEncoding encoding) {
        List<String> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(stream);
        while (in.remaining() >= PREFIX_LENGTH) {
            int flags = in.get() & 0xFF;
            int length = in.getInt();
            if ((flags & 0xFE) != 0 || length < 0 || length > MESSAGE_BYTES_MAX) {
                break; // a protocol error ends the call
            }
            if (length > in.remaining()) {
                break;
            }
            byte[] body = new byte[length];
            in.get(body);
            if (flags == 1 && encoding == null) {
                break; // compressed, and nobody said how
            }
            messages.add(flags == 0 ? plain(body) : decoded(body, encoding));
        }
        return messages;
    }

    private static String plain(byte[] body) {
        return body.length == 0 ? Answer.Kind.ACCEPTED.name() : Arrays.toString(body);
    }

    private String decoded(byte[] body, @Nullable ContentEncoding encoding) {
        if (encoding == null) {
            throw new AssertionError("compressed");
        }
        return switch (decoders.decode(encoding, body, 0, body.length, MESSAGE_BYTES_MAX)) {
            case DECODED -> plain(Arrays.copyOf(decoders.bytes(), decoders.length()));
            case TOO_LARGE -> Answer.tooLarge(MESSAGE_BYTES_MAX).kind().name();
            case BROKEN -> Answer.malformed("").kind().name();
        };
    }
}
