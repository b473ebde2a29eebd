package io.spanweir.receiver.otlp;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.FastThreadLocal;
import io.spanweir.component.Intake;
import io.spanweir.component.ReceiverContext;
import io.spanweir.data.ClientMetadata;
import io.spanweir.memory.TransitRegion;
import io.spanweir.net.BodyBudget;
import io.spanweir.net.HttpCall;
import io.spanweir.net.HttpHandler;
import io.spanweir.net.HttpReply;
import io.spanweir.net.HttpServer;
import io.spanweir.wire.OtlpJsonReader;
import io.spanweir.wire.OtlpJsonResponse;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP. Source of statuses and bodies: OTLP specification, "OTLP/HTTP"; collector, receiver/otlpreceiver. */
final class HttpTransport implements OtlpReceiver.Transport, HttpHandler {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final byte[] EMPTY = {};
    private static final HttpReply ACCEPTED_PROTOBUF = HttpReply.of(200, PROTOBUF, EMPTY);
    private static final HttpReply ACCEPTED_JSON = HttpReply.of(200, JSON, "{}".getBytes(StandardCharsets.US_ASCII));
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int DEADLINE_EXCEEDED = 4;

    /** What a reader of JSON may keep between requests. */
    private static final int JSON_KEPT_BYTES_MAX = 1 << 20;

    private final Admissions admissions;
    private final HttpServer server;
    private final boolean includeMetadata;
    private final Map<String, Signal> signals = new HashMap<>();
    private final FastThreadLocal<JsonBody> jsonBody = new FastThreadLocal<>() {
        @Override
        protected JsonBody initialValue() {
            return new JsonBody(admissions.maxMessageBytes());
        }
    };

    HttpTransport(OtlpHttpConfig config, ReceiverContext context, EventLoopGroup loops) {
        this(config, context, loops, HttpServer.CONNECTIONS_MAX);
    }

    HttpTransport(OtlpHttpConfig config, ReceiverContext context, EventLoopGroup loops, int connectionsMax) {
        int bodyBytesMax = config.server().maxRequestBodyBytes();
        admissions = new Admissions(context, "http", bodyBytesMax, loops);
        server = new HttpServer(config.server(), loops, this, BodyBudget.capacityBytes(bodyBytesMax), connectionsMax);
        includeMetadata = config.server().includeMetadata();
        config.paths().forEach((signal, path) -> {
            if (context.receives(signal)) {
                signals.put(path, signal);
            }
        });
    }

    /** Text in, protobuf out. Threading: I/O thread. */
    private static final class JsonBody {
        private final int maxMessageBytes;
        private byte[] text = EMPTY;
        private OtlpJsonReader reader;

        JsonBody(int maxMessageBytes) {
            this.maxMessageBytes = maxMessageBytes;
            this.reader = newReader();
        }

        private OtlpJsonReader newReader() {
            return new OtlpJsonReader(OtlpJsonReader.DEPTH_MAX_DEFAULT, maxMessageBytes);
        }

        /** The length of the protobuf form in {@link OtlpJsonReader#output}, or negative. */
        int read(Signal signal, HttpCall call) {
            int length = call.bodyLength();
            if (text.length < length) {
                text = new byte[Math.max(length, 2 * Math.min(text.length, JSON_KEPT_BYTES_MAX / 2))];
            }
            call.copyBody(text, 0);
            return reader.read(signal.request(), text, 0, length);
        }

        void trim() {
            if (text.length > JSON_KEPT_BYTES_MAX) {
                text = EMPTY;
            }
            if (reader.output().length > JSON_KEPT_BYTES_MAX) {
                reader = newReader();
            }
        }
    }

    @Override
    public InetSocketAddress start() throws IOException {
        return server.start();
    }

    @Override
    public void stop(long deadlineNanos) {
        admissions.stop();
        server.stop(deadlineNanos);
    }

    @Override
    public void close() {
        server.close();
        admissions.close();
    }

    @Override
    public @Nullable HttpReply refuse(HttpCall call) {
        if (!signals.containsKey(call.path())) {
            return HttpReply.text(404, "404 page not found");
        }
        if (!call.method().equals("POST")) {
            return HttpReply.text(405, "405 method not allowed, supported: [POST]")
                    .with("Allow", "POST");
        }
        String mediaType = call.mediaType();
        if (!mediaType.equals(PROTOBUF) && !mediaType.equals(JSON)) {
            return HttpReply.text(415, "415 unsupported media type, supported: [" + JSON + ", " + PROTOBUF + "]");
        }
        return admissions.stopping() ? reply(mediaType.equals(JSON), Answer.STOPPING) : null;
    }

    @Override
    public void handle(HttpCall call) {
        Signal signal = signals.get(call.path());
        if (signal == null) {
            throw new IllegalStateException("no signal has the path " + call.path());
        }
        boolean json = call.mediaType().equals(JSON);
        Answer.Target target = answer -> call.answer(reply(json, answer));
        if (!json) {
            takeProtobuf(signal, call, target);
            return;
        }
        JsonBody body = jsonBody.get();
        try {
            takeJson(signal, call, body, target);
        } finally {
            body.trim();
        }
    }

    private void takeProtobuf(Signal signal, HttpCall call, Answer.Target target) {
        int length = call.bodyLength();
        Answer refusal = admissions.refusal(signal, length);
        if (refusal != null || length == 0) {
            target.answer(refusal == null ? Answer.ACCEPTED : refusal);
            return;
        }
        Intake intake = admissions.intake(signal);
        TransitRegion region = intake.reserve(length);
        if (region == null) {
            target.answer(Admissions.noRoom(intake));
            return;
        }
        call.copyBody(region.bytes(), region.offset());
        Admissions.publish(intake, region, length, metadata(call), target);
    }

    private void takeJson(Signal signal, HttpCall call, JsonBody body, Answer.Target target) {
        if (admissions.stopping()) {
            target.answer(Answer.STOPPING);
            return;
        }
        Intake intake = admissions.intake(signal);
        int length = body.read(signal, call);
        if (length < 0) {
            intake.countFailed(1);
            target.answer(Answer.malformed(body.reader.problem()));
            return;
        }
        if (length == 0) {
            target.answer(Answer.ACCEPTED);
            return;
        }
        TransitRegion region = intake.reserve(length);
        if (region == null) {
            target.answer(Admissions.noRoom(intake));
            return;
        }
        System.arraycopy(body.reader.output(), 0, region.bytes(), region.offset(), length);
        Admissions.publish(intake, region, length, metadata(call), target);
    }

    private ClientMetadata metadata(HttpCall call) {
        return includeMetadata ? new ClientMetadata(call.headers()) : ClientMetadata.EMPTY;
    }

    private static HttpReply reply(boolean json, Answer answer) {
        if (answer.kind() == Answer.Kind.ACCEPTED) {
            return json ? ACCEPTED_JSON : ACCEPTED_PROTOBUF;
        }
        int status = answer.kind().httpStatus();
        HttpReply reply = json
                ? HttpReply.of(
                        status, JSON, OtlpJsonResponse.status(answer.kind().grpcCode(), answer.message()))
                : HttpReply.of(status, PROTOBUF, RpcStatusWriter.write(answer));
        if (status != 503) {
            return reply;
        }
        // Whole seconds, and 0 would mean "at once".
        long seconds = Math.max(1, (answer.retryDelayNanos() + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
        return reply.with("Retry-After", Long.toString(seconds));
    }

    @Override
    public HttpReply problem(@Nullable HttpCall call, int status, String message) {
        Signal signal = call == null ? null : signals.get(call.path());
        if (call == null || signal == null) {
            return HttpReply.text(status, message);
        }
        boolean json = call.mediaType().equals(JSON);
        if (status == 503) {
            return reply(json, Answer.refused(message, NANOS_PER_SECOND));
        }
        admissions.intake(signal).countFailed(1);
        int code = switch (status) {
            case 408 -> DEADLINE_EXCEEDED;
            case 413 -> Answer.Kind.TOO_LARGE.grpcCode();
            case 500 -> Answer.Kind.FAILED.grpcCode();
            default -> Answer.Kind.MALFORMED.grpcCode();
        };
        byte[] body = json ? OtlpJsonResponse.status(code, message) : RpcStatusWriter.write(code, message);
        return HttpReply.of(status, json ? JSON : PROTOBUF, body);
    }
}
