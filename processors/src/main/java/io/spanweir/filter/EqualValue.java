package io.spanweir.filter;

import io.spanweir.data.ValueView;
import io.spanweir.wire.Bytes;

/**
 * Equal type and content: an integer never equals a double, the order of a map's entries does not count. Arrays and maps
 * allocate. Threading: lane.
 */
final class EqualValue implements ValueTest {
    private final ValueView wanted = new ValueView();

    EqualValue(ConstantValue wanted) {
        wanted.view(this.wanted);
    }

    @Override
    public boolean test(ValueView value) {
        return equal(wanted, value);
    }

    private static boolean equal(ValueView left, ValueView right) {
        if (left.type() != right.type()) {
            return false;
        }
        return switch (left.type()) {
            case EMPTY -> true;
            case STRING, BYTES ->
                Bytes.equal(
                        left.bytes(),
                        left.contentOffset(),
                        left.contentLength(),
                        right.bytes(),
                        right.contentOffset(),
                        right.contentLength());
            case BOOL -> left.booleanValue() == right.booleanValue();
            case INT -> left.longValue() == right.longValue();
            case DOUBLE -> left.doubleValue() == right.doubleValue();
            case ARRAY -> equalItems(left, right);
            case MAP -> contains(left, right) && contains(right, left);
        };
    }

    private static boolean equalItems(ValueView left, ValueView right) {
        ValueView leftItem = new ValueView();
        ValueView rightItem = new ValueView();
        left.rewind();
        right.rewind();
        while (left.next(leftItem)) {
            if (!right.next(rightItem) || !equal(leftItem, rightItem)) {
                return false;
            }
        }
        return !right.next(rightItem);
    }

    /** Whether every entry of {@code part} is in {@code whole}. */
    private static boolean contains(ValueView whole, ValueView part) {
        ValueView wanted = new ValueView();
        ValueView found = new ValueView();
        part.rewind();
        while (part.next(wanted)) {
            if (!find(whole, part, found) || !equal(wanted, found)) {
                return false;
            }
        }
        return true;
    }

    private static boolean find(ValueView map, ValueView atKey, ValueView found) {
        map.rewind();
        while (map.next(found)) {
            if (Bytes.equal(
                    map.bytes(),
                    map.keyOffset(),
                    map.keyLength(),
                    atKey.bytes(),
                    atKey.keyOffset(),
                    atKey.keyLength())) {
                return true;
            }
        }
        return false;
    }
}
