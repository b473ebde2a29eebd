package io.spanweir.wire;

/**
 * What a scan accepts at most. A message beyond a limit is refused as a whole.
 *
 * @param maxMessageBytes length of one request after decompression; the OTLP specification recommends 64 MiB
 * @param maxAnyValueDepth AnyValues within each other, the outermost included
 * @param maxAttributesPerElement attributes of one resource, scope, span, event, link, log record, data point or exemplar
 * @param maxItems spans, log records or data points of one request
 */
public record OtlpLimits(int maxMessageBytes, int maxAnyValueDepth, int maxAttributesPerElement, int maxItems) {
    public static final OtlpLimits DEFAULTS = new OtlpLimits(64 << 20, 64, 4096, 1_000_000);

    /** A message of this length still fits the four-byte length fields of {@link WireWriter} after a rewrite. */
    private static final int MESSAGE_BYTES_END = 128 << 20;

    /** A nested value takes up to three calls on the stack of the thread. */
    private static final int DEPTH_END = 256;

    public OtlpLimits {
        check("maxMessageBytes", maxMessageBytes, MESSAGE_BYTES_END);
        check("maxAnyValueDepth", maxAnyValueDepth, DEPTH_END);
        check("maxAttributesPerElement", maxAttributesPerElement, Integer.MAX_VALUE);
        check("maxItems", maxItems, Integer.MAX_VALUE);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " is outside 1 to " + most);
        }
    }
}
