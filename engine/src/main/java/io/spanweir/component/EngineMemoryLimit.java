package io.spanweir.component;

/** A processor config that limits memory: the engine takes it as its own where {@code engine.memory} is not set. */
public interface EngineMemoryLimit {
    /**
     * The limit in bytes, or 0 when the config states none.
     *
     * @param machineBytes the memory of the container or machine, for limits in per cent
     */
    long limitBytes(long machineBytes);
}
