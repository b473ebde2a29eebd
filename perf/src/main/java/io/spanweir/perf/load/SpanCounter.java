package io.spanweir.perf.load;

import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireReader;

/** Counts the spans of an encoded request by stepping over them. Threading: one thread. */
final class SpanCounter {
    private final WireReader resources = new WireReader();
    private final WireReader scopes = new WireReader();
    private final WireReader spans = new WireReader();

    int count(byte[] bytes, int offset, int length) {
        int count = 0;
        for (resources.wrap(bytes, offset, length); resources.next(); ) {
            if (resources.tag() != OtlpFields.TRACE_REQUEST_RESOURCE_SPANS) {
                continue;
            }
            for (scopes.wrap(bytes, resources.valueOffset(), resources.valueLength()); scopes.next(); ) {
                if (scopes.tag() != OtlpFields.RESOURCE_SPANS_SCOPE_SPANS) {
                    continue;
                }
                for (spans.wrap(bytes, scopes.valueOffset(), scopes.valueLength()); spans.next(); ) {
                    if (spans.tag() == OtlpFields.SCOPE_SPANS_SPANS) {
                        count++;
                    }
                }
            }
        }
        return count;
    }
}
