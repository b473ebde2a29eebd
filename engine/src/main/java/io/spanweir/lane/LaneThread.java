package io.spanweir.lane;

import io.spanweir.time.LogInterval;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a lane until it is stopped. Threading: any thread may stop it. */
public final class LaneThread {
    private static final Logger log = LoggerFactory.getLogger(LaneThread.class);

    private final Lane lane;
    private final int spins;
    private final Thread thread;
    private final LogInterval defects;
    private volatile boolean stopped;

    /** @param spins how often to look for work before sleeping; negative: never sleep */
    public LaneThread(Lane lane, int spins, ThreadFactory threads) {
        this.lane = lane;
        this.spins = spins;
        this.thread = threads.newThread(this::run);
        this.defects = new LogInterval(lane.clock()::nanos);
        this.thread.setName("spanweir-lane-" + lane.number());
    }

    public void start() {
        lane.onUnpark(() -> LockSupport.unpark(thread));
        thread.start();
    }

    /** Ends the loop after the turn that runs and waits for it. */
    public void stop(long waitMillis) throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join(waitMillis);
    }

    /** The last net: a lane that ended would hold up the ring for ever. */
    private int turn() {
        try {
            return lane.turn();
        } catch (RuntimeException | Error e) {
            long leftOut = defects.leftOut();
            if (leftOut != LogInterval.NOT_YET) {
                log.error("A turn failed; the lane goes on. lane={} left_out={}", lane.number(), leftOut, e);
            }
            return 0;
        }
    }

    private void run() {
        while (!stopped) {
            if (turn() == 0 && !stopped) {
                if (spins < 0) {
                    Thread.onSpinWait();
                } else {
                    lane.park(spins);
                }
            }
        }
    }
}
