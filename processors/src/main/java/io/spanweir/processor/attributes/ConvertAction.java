package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ValueView;
import io.spanweir.filter.ValueText;

/** {@code convert}: the value gets another type; one that cannot have it stays as it is. Threading: lane. */
final class ConvertAction implements AttributeAction {
    private final byte[] key;
    private final ConvertedType type;
    private final ValueView value = new ValueView();
    private final ValueText text = new ValueText();
    private final NumberParser number = new NumberParser();

    ConvertAction(String key, ConvertedType type) {
        this.key = key.getBytes(UTF_8);
        this.type = type;
    }

    @Override
    public void apply(AttributesView attributes) {
        if (!attributes.find(key, value)) {
            return;
        }
        switch (type) {
            case STRING -> toText(attributes);
            case INT -> toInt(attributes);
            case DOUBLE -> toDouble(attributes);
        }
    }

    private void toText(AttributesView attributes) {
        if (value.type() != ValueView.Type.STRING) {
            text.wrap(value);
            attributes.putString(key, text.bytes(), text.offset(), text.length());
        }
    }

    private void toInt(AttributesView attributes) {
        switch (value.type()) {
            case DOUBLE -> attributes.putLong(key, (long) value.doubleValue());
            case BOOL -> attributes.putLong(key, value.booleanValue() ? 1 : 0);
            case STRING -> {
                if (number.parseLong(value.bytes(), value.contentOffset(), value.contentLength())) {
                    attributes.putLong(key, number.longValue());
                }
            }
            default -> {}
        }
    }

    private void toDouble(AttributesView attributes) {
        switch (value.type()) {
            case INT -> attributes.putDouble(key, (double) value.longValue());
            case BOOL -> attributes.putDouble(key, value.booleanValue() ? 1 : 0);
            case STRING -> {
                if (number.parseDouble(value.bytes(), value.contentOffset(), value.contentLength())) {
                    attributes.putDouble(key, number.doubleValue());
                }
            }
            default -> {}
        }
    }
}
