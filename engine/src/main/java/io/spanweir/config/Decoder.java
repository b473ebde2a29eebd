package io.spanweir.config;

/** Makes a configuration record of a section or list item: {@code TailSamplingConfig::decode}. */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Reads what the record needs; the keys that it asks for are the known keys. Reports problems through the readers and
     * through {@link ConfigNode#problem}; throws nothing, and on a problem returns a record with harmless values.
     */
    T decode(ConfigNode yaml);
}
