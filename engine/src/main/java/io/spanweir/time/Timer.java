package io.spanweir.time;

/** One deadline of a component on a lane. Threading: lane. */
public final class Timer {
    static final int IDLE = -1;

    final Runnable action;
    long deadlineNanos;
    int heapIndex = IDLE;

    Timer(Runnable action) {
        this.action = action;
    }

    public boolean scheduled() {
        return heapIndex != IDLE;
    }
}
