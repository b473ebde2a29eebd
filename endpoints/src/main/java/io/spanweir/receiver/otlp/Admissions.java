package io.spanweir.receiver.otlp;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.spanweir.component.Intake;
import io.spanweir.component.ReceiverContext;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.memory.TransitRegion;
import io.spanweir.time.LogInterval;
import io.spanweir.wire.Signal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seam between a transport and the engine: room for one request in, one answer out. Each I/O thread has intakes of its
 * own, opened when it first needs them. Threading: I/O thread, unless said otherwise.
 */
final class Admissions {
    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);
    private static final LogInterval DEFECTS = new LogInterval(System::nanoTime);

    private final ReceiverContext context;
    private final String transport;
    private final int maxMessageBytes;
    private final Queue<Intake> opened = new ConcurrentLinkedQueue<>();
    private final FastThreadLocal<@Nullable Intake[]> ofThread = new FastThreadLocal<>() {
        @Override
        protected @Nullable Intake[] initialValue() {
            return new Intake[Signal.values().length];
        }
    };
    private final EventLoopGroup loops;
    private volatile boolean stopping;

    /**
     * @param maxMessageBytes the transport's own limit; the engine's may be lower
     * @param loops the I/O threads: what one of them reads in one round wakes the lanes once
     */
    Admissions(ReceiverContext context, String transport, int maxMessageBytes, EventLoopGroup loops) {
        this.loops = loops;
        this.context = context;
        this.transport = transport;
        this.maxMessageBytes = Math.min(maxMessageBytes, context.limits().maxMessageBytes());
    }

    boolean receives(Signal signal) {
        return context.receives(signal);
    }

    /** After decompression. */
    int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** From now on everything new is refused; what has been accepted is still answered. Threading: any thread. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** Closes the intakes. To be called when the I/O threads have ended. */
    void close() {
        opened.forEach(Intake::close);
        opened.clear();
    }

    Intake intake(Signal signal) {
        @Nullable Intake[] intakes = ofThread.get();
        Intake intake = intakes[signal.ordinal()];
        if (intake == null) {
            intake = context.intake(signal, transport);
            for (EventExecutor loop : loops) {
                if (loop.inEventLoop()) {
                    intake.wakeLanesBy(loop);
                }
            }
            intakes[signal.ordinal()] = intake;
            opened.add(intake);
        }
        return intake;
    }

    /** Why a request of this length is not even read; null when it may be. */
    @Nullable
    Answer refusal(Signal signal, int lengthBytes) {
        if (stopping) {
            return Answer.STOPPING;
        }
        if (lengthBytes > maxMessageBytes) {
            intake(signal).countFailed(1);
            return Answer.tooLarge(maxMessageBytes);
        }
        return null;
    }

    /** What to answer when {@link Intake#reserve} gave nothing. */
    static Answer noRoom(Intake intake) {
        return Answer.refused(intake.refusal(), intake.retryDelayNanos());
    }

    /** Takes the request in the region and answers, now or when a destination has it. */
    static void publish(
            Intake intake, TransitRegion region, int lengthBytes, ClientMetadata metadata, Answer.Target target) {
        Settlement settlement = intake.waitsForResult()
                ? new Settlement((failure, retryable) -> target.answer(Answer.settled(failure, retryable)))
                : null;
        Intake.Admission admission;
        try {
            admission = intake.publish(region, lengthBytes, metadata, settlement);
        } catch (RuntimeException e) {
            long leftOut = DEFECTS.leftOut();
            if (leftOut != LogInterval.NOT_YET) {
                LOG.error("A request cannot be taken in. left_out={}", leftOut, e);
            }
            target.answer(Answer.INTERNAL_ERROR);
            return;
        }
        switch (admission) {
            case ACCEPTED -> {
                if (settlement == null) {
                    target.answer(Answer.ACCEPTED);
                }
            }
            case REFUSED -> target.answer(noRoom(intake));
            case MALFORMED -> target.answer(Answer.malformed(intake.problem()));
        }
    }
}
