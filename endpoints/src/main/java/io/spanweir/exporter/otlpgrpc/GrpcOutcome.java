package io.spanweir.exporter.otlpgrpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Exception;
import io.spanweir.component.SendOutcome;
import io.spanweir.net.RpcStatus;
import io.spanweir.net.Sentences;
import org.jspecify.annotations.Nullable;

/**
 * What a gRPC status means for the request. Source: OTLP specification, "Failures" under OTLP/gRPC. Threading: any thread.
 */
final class GrpcOutcome {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private GrpcOutcome() {}

    /**
     * The outcome of a call that did not end with OK.
     *
     * @param peer {@code host:port}, for the message
     * @param timeout of the attempt as text, for the message
     */
    static SendOutcome of(Status status, @Nullable Metadata trailers, String peer, String timeout) {
        byte[] details = trailers == null ? null : trailers.get(DETAILS);
        RpcStatus rpc = details == null ? null : RpcStatus.read(details);
        boolean retryInfo = rpc != null && rpc.retryDelayNanos() != RpcStatus.NO_RETRY_INFO;
        long retryDelayNanos = rpc != null && retryInfo ? rpc.retryDelayNanos() : 0;
        boolean retryable = switch (status.getCode()) {
            case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS -> true;
            case RESOURCE_EXHAUSTED -> retryInfo;
            case INTERNAL, UNKNOWN -> brokenConnection(status);
            default -> false;
        };
        String message = message(status, rpc, peer, timeout);
        return retryable ? SendOutcome.retryable(message, retryDelayNanos) : SendOutcome.permanent(message);
    }

    /** Not the backend's answer but our own verdict on what it sent: whatever it was, it was no answer to the request. */
    private static boolean brokenConnection(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Http2Exception) {
                return true;
            }
        }
        return false;
    }

    private static String message(Status status, @Nullable RpcStatus rpc, String peer, String timeout) {
        String description = status.getDescription() == null ? "" : status.getDescription();
        Throwable cause = status.getCause();
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && description.contains("deadline ")) {
            return peer + " did not answer within " + timeout;
        }
        String text = cause != null ? Sentences.cause(cause) : Sentences.line(description);
        if (text.isEmpty() && rpc != null) {
            text = Sentences.line(rpc.message());
        }
        return peer + " answered " + status.getCode() + (text.isEmpty() ? "" : " (" + text + ")");
    }
}
