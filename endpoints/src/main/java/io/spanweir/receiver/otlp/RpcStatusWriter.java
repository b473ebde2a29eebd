package io.spanweir.receiver.otlp;

import io.spanweir.wire.WireWriter;

/**
 * Writes {@code google.rpc.Status} with its details. Source: googleapis, {@code google/rpc/status.proto} and
 * {@code error_details.proto}. Threading: any thread.
 */
final class RpcStatusWriter {
    private static final String TYPE_PREFIX = "type.googleapis.com/google.rpc.";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int STATUS_CODE = 1;
    private static final int STATUS_MESSAGE = 2;
    private static final int STATUS_DETAILS = 3;
    private static final int ANY_TYPE_URL = 1;
    private static final int ANY_VALUE = 2;
    private static final int RETRY_INFO_DELAY = 1;
    private static final int DURATION_SECONDS = 1;
    private static final int DURATION_NANOS = 2;
    private static final int BAD_REQUEST_VIOLATIONS = 1;
    private static final int VIOLATION_FIELD = 1;
    private static final int VIOLATION_DESCRIPTION = 2;

    private RpcStatusWriter() {}

    /** With RetryInfo when there is a delay, with BadRequest when the request was malformed. */
    static byte[] write(Answer answer) {
        WireWriter status = new WireWriter();
        status.varint(STATUS_CODE, answer.kind().grpcCode());
        if (!answer.message().isEmpty()) {
            status.string(STATUS_MESSAGE, answer.message());
        }
        if (answer.retryDelayNanos() > 0) {
            int any = beginDetail(status, "RetryInfo");
            int value = status.begin(ANY_VALUE);
            int delay = status.begin(RETRY_INFO_DELAY);
            status.varint(DURATION_SECONDS, answer.retryDelayNanos() / NANOS_PER_SECOND);
            status.varint(DURATION_NANOS, answer.retryDelayNanos() % NANOS_PER_SECOND);
            status.end(delay).end(value).end(any);
        }
        if (answer.kind() == Answer.Kind.MALFORMED) {
            badRequest(status, answer.message());
        }
        return status.toByteArray();
    }

    /** A status that only says what went wrong. */
    static byte[] write(int grpcCode, String message) {
        WireWriter status = new WireWriter();
        return status.varint(STATUS_CODE, grpcCode)
                .string(STATUS_MESSAGE, message)
                .toByteArray();
    }

    /** A problem reads {@code path: what is wrong}. */
    private static void badRequest(WireWriter status, String problem) {
        int colon = problem.indexOf(": ");
        boolean path = colon > 0 && problem.indexOf(' ') == colon + 1;
        int any = beginDetail(status, "BadRequest");
        int value = status.begin(ANY_VALUE);
        int violation = status.begin(BAD_REQUEST_VIOLATIONS);
        if (path) {
            status.string(VIOLATION_FIELD, problem.substring(0, colon));
        }
        status.string(VIOLATION_DESCRIPTION, path ? problem.substring(colon + 2) : problem);
        status.end(violation).end(value).end(any);
    }

    private static int beginDetail(WireWriter status, String type) {
        int any = status.begin(STATUS_DETAILS);
        status.string(ANY_TYPE_URL, TYPE_PREFIX + type);
        return any;
    }
}
