package io.spanweir.perf.load;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** {@code TraceService.Export} with messages of the caller's choice; no protobuf class. */
public final class ExportMethod {
    /** Bytes out; what comes in is not looked at. */
    public static final MethodDescriptor.Marshaller<byte[]> BYTES_OUT = new MethodDescriptor.Marshaller<>() {
        private static final byte[] NOTHING = new byte[0];

        @Override
        public InputStream stream(byte[] message) {
            return new KnownLengthStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return NOTHING;
        }
    };

    private ExportMethod() {}

    public static <T> MethodDescriptor<T, byte[]> of(MethodDescriptor.Marshaller<T> requests) {
        return MethodDescriptor.<T, byte[]>newBuilder(requests, BYTES_OUT)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(
                        "opentelemetry.proto.collector.trace.v1.TraceService", "Export"))
                .build();
    }

    /** Tells gRPC its length, so that the message is framed without a copy in between. */
    private static final class KnownLengthStream extends ByteArrayInputStream implements io.grpc.KnownLength {
        KnownLengthStream(byte[] bytes) {
            super(bytes);
        }
    }
}
