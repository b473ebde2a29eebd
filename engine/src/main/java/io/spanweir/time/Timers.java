package io.spanweir.time;

import java.util.Arrays;

/**
 * The timers of one lane: a binary heap by deadline. A lane has a handful (one per component that waits); deadlines of single
 * traces are lists in the trace table and need one timer for all. Threading: lane.
 */
public final class Timers {
    /** What {@link #nextDeadlineNanos()} answers when nothing is scheduled. */
    public static final long NONE = Long.MAX_VALUE;

    private Timer[] heap = new Timer[16];
    private int size;

    public Timer timer(Runnable action) {
        return new Timer(action);
    }

    /** Schedules or moves the timer. */
    public void schedule(Timer timer, long deadlineNanos) {
        timer.deadlineNanos = deadlineNanos;
        if (timer.heapIndex == Timer.IDLE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            timer.heapIndex = size;
            heap[size++] = timer;
        }
        siftUp(timer);
        siftDown(timer);
    }

    public void cancel(Timer timer) {
        int index = timer.heapIndex;
        if (index == Timer.IDLE) {
            return;
        }
        timer.heapIndex = Timer.IDLE;
        Timer last = heap[--size];
        if (last != timer) {
            heap[index] = last;
            last.heapIndex = index;
            siftUp(last);
            siftDown(last);
        }
    }

    /** Runs what is due, at most {@code limit} timers. Returns how many ran. */
    public int expire(long nowNanos, int limit) {
        int done = 0;
        while (done < limit && size > 0 && heap[0].deadlineNanos <= nowNanos) {
            Timer timer = heap[0];
            cancel(timer);
            timer.action.run();
            done++;
        }
        return done;
    }

    public long nextDeadlineNanos() {
        return size == 0 ? NONE : heap[0].deadlineNanos;
    }

    private void siftUp(Timer timer) {
        int index = timer.heapIndex;
        while (index > 0) {
            Timer parent = heap[(index - 1) >>> 1];
            if (parent.deadlineNanos <= timer.deadlineNanos) {
                break;
            }
            swap(parent, timer);
            index = timer.heapIndex;
        }
    }

    private void siftDown(Timer timer) {
        while (true) {
            int child = 2 * timer.heapIndex + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && heap[child + 1].deadlineNanos < heap[child].deadlineNanos) {
                child++;
            }
            if (timer.deadlineNanos <= heap[child].deadlineNanos) {
                return;
            }
            swap(heap[child], timer);
        }
    }

    private void swap(Timer left, Timer right) {
        int index = left.heapIndex;
        left.heapIndex = right.heapIndex;
        right.heapIndex = index;
        heap[left.heapIndex] = left;
        heap[right.heapIndex] = right;
    }
}
