package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Supplier;

/**
 * How much one read of one connection takes: as much as those before it brought, or little. A read of which a part is not used
 * yet, because a frame has not come whole, is kept whole; many connections that have shown nothing must not keep much. Threading:
 * the I/O thread of the connection.
 */
public final class ReadSizes implements RecvByteBufAllocator {
    private static final int BYTES_FIRST = 4 << 10;
    private static final int BYTES_MIN = 1 << 10;
    private static final int SHORT_BYTES = 4 << 10;

    private final RecvByteBufAllocator adaptive;
    private boolean shortReads;

    private ReadSizes(RecvByteBufAllocator adaptive) {
        this.adaptive = adaptive;
    }

    /** For one connection after the other, whose longest read is this. */
    public static Supplier<ReadSizes> upTo(int bytesMax) {
        RecvByteBufAllocator adaptive = new AdaptiveRecvByteBufAllocator(BYTES_MIN, BYTES_FIRST, bytesMax);
        return () -> new ReadSizes(adaptive);
    }

    /** Whether no read is to be longer than 4 KiB. */
    void shortReads(boolean wanted) {
        shortReads = wanted;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new Limited((ExtendedHandle) adaptive.newHandle());
    }

    private final class Limited extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle adaptive;

        Limited(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public int guess() {
            return shortReads ? Math.min(SHORT_BYTES, super.guess()) : super.guess();
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(guess());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
            return adaptive.continueReading(mayHaveMore);
        }
    }
}
