package io.spanweir.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The JSON bodies that answer OTLP/HTTP requests. Threading: any thread. */
public final class OtlpJsonResponse {
    private static final int LENGTH_MAX = 4 << 20;
    /** Longer messages are cut, so that the answer stays below the 4 MiB that clients read. */
    private static final int MESSAGE_LENGTH_MAX = 64 << 10;

    private OtlpJsonResponse() {}

    /**
     * {@code Export…ServiceResponse}: <code>{}</code> when nothing was rejected and there is no message, else with
     * {@code partialSuccess}.
     *
     * @param request the type that is answered: TRACE_REQUEST, LOGS_REQUEST or METRICS_REQUEST
     * @param rejectedCount spans, log records or data points, at least 0
     * @param errorMessage empty for none; a message without rejections is a warning
     */
    public static byte[] export(OtlpSchema.Message request, long rejectedCount, String errorMessage) {
        String rejectedName;
        if (request == OtlpSchema.TRACE_REQUEST) {
            rejectedName = "rejectedSpans";
        } else if (request == OtlpSchema.LOGS_REQUEST) {
            rejectedName = "rejectedLogRecords";
        } else if (request == OtlpSchema.METRICS_REQUEST) {
            rejectedName = "rejectedDataPoints";
        } else {
            throw new IllegalArgumentException(request.name() + " is no export request");
        }
        OtlpJsonBuffer output = new OtlpJsonBuffer(LENGTH_MAX);
        if (rejectedCount == 0 && errorMessage.isEmpty()) {
            output.putText("{}");
            return bytes(output);
        }
        output.putText("{\"partialSuccess\":{");
        if (rejectedCount != 0) {
            output.putText("\"" + rejectedName + "\":\"" + rejectedCount + '"');
            output.putText(errorMessage.isEmpty() ? "" : ",");
        }
        if (!errorMessage.isEmpty()) {
            message(output, "errorMessage", errorMessage);
        }
        output.putText("}}");
        return bytes(output);
    }

    /** {@code google.rpc.Status}; the code is that of gRPC, and 0 and an empty message are left out. */
    public static byte[] status(int code, String message) {
        OtlpJsonBuffer output = new OtlpJsonBuffer(LENGTH_MAX);
        output.putText("{");
        if (code != 0) {
            output.putText("\"code\":" + code + (message.isEmpty() ? "" : ","));
        }
        if (!message.isEmpty()) {
            message(output, "message", message);
        }
        output.putText("}");
        return bytes(output);
    }

    private static void message(OtlpJsonBuffer output, String name, String text) {
        output.putText('"' + name + "\":\"");
        String cut = text.length() > MESSAGE_LENGTH_MAX ? text.substring(0, MESSAGE_LENGTH_MAX) : text;
        byte[] utf8 = cut.getBytes(StandardCharsets.UTF_8);
        OtlpJsonWriter.escaped(output, utf8, 0, utf8.length);
        output.putText("\"");
    }

    private static byte[] bytes(OtlpJsonBuffer output) {
        return Arrays.copyOf(output.bytes(), output.length());
    }
}
