package io.spanweir.receiver.otlp;

import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.spanweir.component.Intake;
import io.spanweir.memory.TransitRegion;
import io.spanweir.net.GrpcDecompressor;
import io.spanweir.wire.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request as grpc-java hands it over: in transit memory, or not, and then with the answer that says why. A refusal must not
 * be thrown while a message is parsed: the client would see UNKNOWN.
 *
 * @param region null when there is nothing to take: an empty request, or an answer
 * @param answer what to answer at once; null when the region is to be published
 */
record GrpcMessage(
        @Nullable TransitRegion region,
        int lengthBytes,
        @Nullable Answer answer) {
    private static final GrpcMessage EMPTY = new GrpcMessage(null, 0, Answer.ACCEPTED);

    private static GrpcMessage refused(Answer answer) {
        return new GrpcMessage(null, 0, answer);
    }

    /** Reads a message straight into the open segment of its I/O thread. Threading: I/O thread. */
    static final class Marshaller implements MethodDescriptor.Marshaller<GrpcMessage> {
        private final Admissions admissions;
        private final Signal signal;

        Marshaller(Admissions admissions, Signal signal) {
            this.admissions = admissions;
            this.signal = signal;
        }

        @Override
        public InputStream stream(GrpcMessage message) {
            return new ByteArrayInputStream(new byte[0]);
        }

        /** The stream knows its length: what it has available is the whole message. */
        @Override
        public GrpcMessage parse(InputStream stream) {
            Intake intake = admissions.intake(signal);
            TransitRegion region = null;
            try {
                int length = stream.available();
                Answer refusal = admissions.refusal(signal, length);
                if (refusal != null) {
                    return refused(refusal);
                }
                if (length == 0) {
                    return EMPTY;
                }
                region = intake.reserve(length);
                if (region == null) {
                    return refused(Admissions.noRoom(intake));
                }
                int read = stream.readNBytes(region.bytes(), region.offset(), length);
                if (read < length) {
                    throw new IOException("the message ends after " + read + " of " + length + " bytes");
                }
                return new GrpcMessage(region, length, null);
            } catch (GrpcDecompressor.Refused e) {
                return failed(intake, region, e.isTooLarge(), String.valueOf(e.getMessage()));
            } catch (StatusRuntimeException overLimit) {
                return failed(intake, region, true, "");
            } catch (IOException e) {
                return failed(intake, region, false, String.valueOf(e.getMessage()));
            }
        }

        private GrpcMessage failed(Intake intake, @Nullable TransitRegion region, boolean tooLarge, String problem) {
            if (region != null) {
                intake.abandon(region);
            }
            intake.countFailed(1);
            return refused(
                    tooLarge
                            ? Answer.tooLarge(admissions.maxMessageBytes())
                            : Answer.malformed("grpc message: " + problem));
        }
    }
}
