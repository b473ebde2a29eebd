package io.spanweir.receiver.otlp;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.spanweir.component.Intake;
import io.spanweir.data.ClientMetadata;
import io.spanweir.memory.TransitRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One unary call. The message is published when it is there and answered when the client has ended its side: a client that
 * never does must not pin transit memory. Threading: I/O thread, but {@link #answer}: any thread.
 */
final class GrpcCall extends ServerCall.Listener<GrpcMessage> implements Answer.Target {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final Intake intake;
    private final ServerCall<GrpcMessage, Boolean> call;
    private final ClientMetadata metadata;

    // Guarded by this: an answer can come from the thread that settles.
    private boolean messageSeen;
    private boolean halfClosed;
    private boolean done;
    private @Nullable Answer answer;

    GrpcCall(Intake intake, ServerCall<GrpcMessage, Boolean> call, ClientMetadata metadata) {
        this.intake = intake;
        this.call = call;
        this.metadata = metadata;
    }

    /** All text keys; what ends in {@code -bin} is left out. */
    static ClientMetadata metadata(Metadata headers) {
        Map<String, List<String>> values = new HashMap<>();
        for (String key : headers.keys()) {
            if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                Iterable<String> all = headers.getAll(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
                List<String> list = new ArrayList<>();
                if (all != null) {
                    all.forEach(list::add);
                }
                values.put(key, list);
            }
        }
        return new ClientMetadata(values);
    }

    @Override
    public void onMessage(GrpcMessage message) {
        TransitRegion region = message.region();
        Answer known = message.answer();
        if (!first()) {
            if (region != null) {
                intake.abandon(region);
            }
            return;
        }
        if (known != null) {
            answer(known);
        } else if (region != null) {
            Admissions.publish(intake, region, message.lengthBytes(), metadata, this);
        }
    }

    private synchronized boolean first() {
        if (messageSeen) {
            close(Status.INTERNAL.withDescription("more than one message in a unary call"), new Metadata());
            return false;
        }
        messageSeen = true;
        return true;
    }

    @Override
    public synchronized void onHalfClose() {
        halfClosed = true;
        if (!messageSeen) {
            close(Status.INTERNAL.withDescription("no message in a unary call"), new Metadata());
        } else if (answer != null) {
            send(answer);
        }
    }

    @Override
    public synchronized void onCancel() {
        done = true;
    }

    @Override
    public synchronized void answer(Answer given) {
        answer = given;
        if (!halfClosed) {
            return;
        }
        try {
            send(given);
        } catch (RejectedExecutionException ended) {
            done = true; // the I/O threads have ended; who settles late must not be hurt
        }
    }

    /** Answers although the client is still sending. Threading: any thread. */
    synchronized void cut(Answer given) {
        try {
            send(given);
        } catch (RejectedExecutionException ended) {
            done = true;
        }
    }

    private void send(Answer given) {
        if (done) {
            return;
        }
        if (given.kind() == Answer.Kind.ACCEPTED) {
            call.sendHeaders(new Metadata());
            call.sendMessage(Boolean.TRUE);
            close(Status.OK, new Metadata());
            return;
        }
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, RpcStatusWriter.write(given));
        close(Status.fromCodeValue(given.kind().grpcCode()).withDescription(given.message()), trailers);
    }

    private void close(Status status, Metadata trailers) {
        if (!done) {
            done = true;
            call.close(status, trailers);
        }
    }
}
