package io.spanweir.lane;

/** Control that travels in the ring, so that all lanes apply it between the same two batches. Threading: each lane in turn. */
public interface LaneCommand {
    void run(Lane lane);
}
