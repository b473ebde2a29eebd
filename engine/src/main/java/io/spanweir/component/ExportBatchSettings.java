package io.spanweir.component;

import java.time.Duration;
import java.util.List;

/**
 * A processor config that means "gather before you send": the engine applies it to the queues of the exporters behind it that
 * have no {@code sending_queue::batch} of their own.
 */
public interface ExportBatchSettings {
    /** Items from which on a request leaves; 0: at once. */
    long minItems();

    /** Items a request may have at most; 0: no limit. */
    long maxItems();

    /** After which a request leaves anyway; zero: at once. */
    Duration flushTimeout();

    List<String> metadataKeys();
}
