package io.spanweir.component;

import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.Pressure;

/** The memory that a processor on a lane may take from. Threading: lane. */
public interface LaneMemory {
    /** For data that waits. */
    HeldPool held();

    /** For trace tables, decision caches and interned groups. */
    Budget tables();

    Pressure pressure();
}
