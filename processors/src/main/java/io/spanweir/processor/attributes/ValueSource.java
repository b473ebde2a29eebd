package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ValueView;
import io.spanweir.filter.ConstantValue;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value that an action sets: written in the configuration, of another attribute, or from the metadata of the
 * request, which is looked up once a batch. Threading: lane.
 */
final class ValueSource {
    private static final String METADATA = "metadata.";

    private final @Nullable ConstantValue constant;
    private final byte @Nullable [] fromAttribute;
    private final String metadataKey;
    private final @Nullable ConstantValue fallback;
    private final WireWriter contextValue = new WireWriter(64);
    private ClientMetadata metadata = ClientMetadata.EMPTY;
    private boolean inContext;

    ValueSource(ValueSourceConfig config) {
        constant = config.value();
        fromAttribute =
                config.fromAttribute().isEmpty() ? null : config.fromAttribute().getBytes(UTF_8);
        metadataKey = metadataKey(config.fromContext());
        fallback = config.defaultValue();
    }

    /** Without a prefix the key is one of the metadata too, for old configurations. */
    private static String metadataKey(String fromContext) {
        if (fromContext.equals("client.address") || fromContext.startsWith("auth.")) {
            return "";
        }
        return fromContext.startsWith(METADATA) ? fromContext.substring(METADATA.length()) : fromContext;
    }

    @SuppressWarnings("ReferenceEquality") // only saves looking up again what is the same object
    void begin(ClientMetadata batchMetadata) {
        if (metadataKey.isEmpty() || batchMetadata == metadata) {
            return;
        }
        metadata = batchMetadata;
        List<String> values = metadata.get(metadataKey);
        inContext = !values.isEmpty();
        contextValue
                .clear()
                .bytes(
                        OtlpFields.number(OtlpFields.ANY_VALUE_STRING_VALUE),
                        String.join(";", values).getBytes(UTF_8));
    }

    /** False when there is no value. */
    boolean find(AttributesView attributes, ValueView into) {
        if (constant != null) {
            constant.view(into);
            return true;
        }
        byte[] key = fromAttribute;
        if (key != null && attributes.find(key, into)) {
            return true;
        }
        if (inContext) {
            into.wrap(contextValue.bytes(), 0, contextValue.length());
            return true;
        }
        if (fallback != null) {
            fallback.view(into);
            return true;
        }
        return false;
    }
}
