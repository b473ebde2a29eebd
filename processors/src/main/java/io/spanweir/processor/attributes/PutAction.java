package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ValueView;
import io.spanweir.wire.Bytes;

/** {@code insert}, {@code update}, {@code upsert}. A value that is there already is not written again. Threading: lane. */
final class PutAction implements AttributeAction {
    /** When it acts. */
    enum When {
        ABSENT,
        PRESENT,
        ALWAYS
    }

    private final byte[] key;
    private final When when;
    private final ValueSource source;
    private final ValueView value = new ValueView();
    private final ValueView current = new ValueView();

    PutAction(String key, When when, ValueSource source) {
        this.key = key.getBytes(UTF_8);
        this.when = when;
        this.source = source;
    }

    @Override
    public void begin(ClientMetadata metadata) {
        source.begin(metadata);
    }

    @Override
    public void apply(AttributesView attributes) {
        boolean present = attributes.find(key, current);
        if (when == (present ? When.ABSENT : When.PRESENT) || !source.find(attributes, value)) {
            return;
        }
        if (present && same()) {
            return;
        }
        attributes.putValue(key, value);
    }

    private boolean same() {
        return Bytes.equal(
                current.bytes(), current.offset(), current.length(), value.bytes(), value.offset(), value.length());
    }
}
