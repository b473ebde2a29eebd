package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ValueView;

/** A copy to a new key and the removal of the old one, in one edit that leaves the value in its place. Threading: lane. */
final class RenameAction implements AttributeAction {
    private final byte[] from;
    private final byte[] to;
    private final boolean overwrites;
    private final ValueView scratch = new ValueView();

    /** @param overwrites whether an attribute with the new key gives way */
    RenameAction(String from, String to, boolean overwrites) {
        this.from = from.getBytes(UTF_8);
        this.to = to.getBytes(UTF_8);
        this.overwrites = overwrites;
    }

    @Override
    public void apply(AttributesView attributes) {
        if (overwrites || !attributes.contains(to, scratch)) {
            attributes.rename(from, to);
        } else {
            attributes.remove(from);
        }
    }
}
