package io.spanweir.net;

import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.KnownLength;
import io.netty.util.concurrent.FastThreadLocal;
import io.spanweir.net.ContentDecoders.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Undoes the compression of one gRPC message at a time, within a limit. The message is decompressed as a whole into memory of
 * the thread, and the stream that is returned knows its length; it must be read before the thread gets the next message, as
 * grpc-java does with {@code directExecutor()}. Threading: any thread; a stream belongs to its thread.
 */
public final class GrpcDecompressor implements Decompressor {
    /** A message that cannot be had: thrown when it is read, for {@code decompress} has no good way to say so. */
    public static final class Refused extends IOException {
        private final boolean tooLarge;

        private Refused(boolean tooLarge, String message) {
            super(message);
            this.tooLarge = tooLarge;
        }

        /** Larger than the limit; otherwise it is damaged. */
        public boolean isTooLarge() {
            return tooLarge;
        }

        /** Ordinary and frequent when somebody wants it to be: without a stack. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** The decoders of a server's I/O threads. */
    public static final class Pool implements AutoCloseable {
        private final Queue<ContentDecoders> all = new ConcurrentLinkedQueue<>();
        private final FastThreadLocal<ContentDecoders> ofThread = new FastThreadLocal<>() {
            @Override
            protected ContentDecoders initialValue() {
                ContentDecoders own = new ContentDecoders();
                all.add(own);
                return own;
            }
        };

        /** To be called when the I/O threads have ended. */
        @Override
        public void close() {
            all.forEach(ContentDecoders::close);
            all.clear();
        }
    }

    private final String name;
    private final ContentEncoding encoding;
    private final Supplier<ContentDecoders> decoders;
    private final int limitBytes;

    private GrpcDecompressor(String name, ContentEncoding encoding, Pool pool, int limitBytes) {
        this.name = name;
        this.encoding = encoding;
        this.decoders = pool.ofThread::get;
        this.limitBytes = limitBytes;
    }

    /** gzip, zstd, snappy (its stream format, as gRPC means it), deflate and zlib; all but identity are advertised. */
    public static DecompressorRegistry registry(Pool pool, int limitBytes) {
        return DecompressorRegistry.emptyInstance()
                .with(io.grpc.Codec.Identity.NONE, false)
                .with(new GrpcDecompressor("gzip", ContentEncoding.GZIP, pool, limitBytes), true)
                .with(new GrpcDecompressor("zstd", ContentEncoding.ZSTD, pool, limitBytes), true)
                .with(new GrpcDecompressor("snappy", ContentEncoding.SNAPPY_FRAMED, pool, limitBytes), true)
                .with(new GrpcDecompressor("deflate", ContentEncoding.DEFLATE, pool, limitBytes), true)
                .with(new GrpcDecompressor("zlib", ContentEncoding.ZLIB, pool, limitBytes), true);
    }

    @Override
    public String getMessageEncoding() {
        return name;
    }

    @Override
    public InputStream decompress(InputStream compressed) throws IOException {
        byte[] source = compressed.readAllBytes();
        ContentDecoders own = decoders.get();
        Result result = own.decode(encoding, source, 0, source.length, limitBytes);
        return switch (result) {
            case DECODED -> new Message(own);
            case TOO_LARGE -> new Failing(new Refused(true, "larger than " + limitBytes + " bytes"));
            case BROKEN -> new Failing(new Refused(false, own.problem()));
        };
    }

    private static final class Message extends ByteArrayInputStream implements KnownLength {
        private final ContentDecoders owner;
        private final long generation;

        Message(ContentDecoders owner) {
            super(owner.bytes(), 0, owner.length());
            this.owner = owner;
            this.generation = owner.generation();
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            if (owner.generation() != generation) {
                throw new IllegalStateException("a message is read after the next one was decompressed");
            }
            return super.read(target, offset, length);
        }
    }

    private static final class Failing extends InputStream implements KnownLength {
        private final Refused refused;

        Failing(Refused refused) {
            this.refused = refused;
        }

        @Override
        public int read() throws IOException {
            throw refused;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            throw refused;
        }

        @Override
        public int available() throws IOException {
            throw refused;
        }
    }
}
