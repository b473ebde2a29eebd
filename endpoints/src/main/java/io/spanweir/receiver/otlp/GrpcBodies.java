package io.spanweir.receiver.otlp;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.spanweir.net.BodyBudget;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the messages that are being received on all connections together. grpc-java gathers each up to its limit, whatever
 * the windows of flow control are, and has no limit for all. It tells a tracer of a stream what arrives, which counts it.
 * Threading: any thread.
 */
final class GrpcBodies extends ServerStreamTracer.Factory {
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final Answer FULL = Answer.refused("too many messages are being received at once", RETRY_NANOS);
    private static final Context.Key<Message> MESSAGE = Context.key("message");

    private final BodyBudget budget;
    private final Executor executor;

    /** @param executor runs the end of a call that is given up, which must not be within what grpc-java does with it */
    GrpcBodies(long capacityBytes, Executor executor) {
        this.budget = new BodyBudget(capacityBytes);
        this.executor = executor;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Stream();
    }

    /** Names the call that begins to its message. To be called when grpc-java starts it. */
    static void ofThisCall(GrpcCall call) {
        Message message = MESSAGE.get();
        if (message != null) {
            message.call = call;
        }
    }

    long usedBytes() {
        return budget.usedBytes();
    }

    /** Threading: I/O thread. */
    private final class Stream extends ServerStreamTracer {
        private final Message message = new Message();

        @Override
        public Context filterContext(Context context) {
            return context.withValue(MESSAGE, message);
        }

        @Override
        public void inboundWireSize(long bytes) {
            if (!message.take(bytes)) {
                message.giveUp();
            }
            message.incomplete();
        }

        @Override
        public void inboundMessageRead(int number, long wireBytes, long plainBytes) {
            message.end();
        }

        @Override
        public void streamClosed(Status status) {
            message.end();
        }
    }

    private final class Message extends BodyBudget.Body {
        volatile @Nullable GrpcCall call;

        Message() {
            super(budget);
        }

        @Override
        protected void giveUp() {
            GrpcCall slow = call;
            if (slow != null) {
                executor.execute(() -> slow.cut(FULL));
            }
        }
    }
}
