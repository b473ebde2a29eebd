package io.spanweir.testkit;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites correct protobuf into other correct protobuf as no encoder would write it: fields in another order, numbers packed
 * and not, scalars more than once, sub-messages in parts, varints with padding, unknown fields and groups in between. And
 * into broken protobuf. The result need not mean the same: protobuf-java is asked what it means. Threading: one thread.
 */
public final class WireMutator {
    private final SplittableRandom random;
    private final boolean rearranging;

    private WireMutator(SplittableRandom random, boolean rearranging) {
        this.random = random;
        this.rearranging = rearranging;
    }

    /** Everything. */
    public static WireMutator wild(SplittableRandom random) {
        return new WireMutator(random, true);
    }

    /** Only what keeps the fields of lists together and sub-messages whole: paddings, packing, repeated scalars. */
    public static WireMutator orderly(SplittableRandom random) {
        return new WireMutator(random, false);
    }

    /** One field: its number, its wire type and what stands behind the tag (and length). */
    private static final class Field {
        final int number;
        final int wireType;
        final byte[] content;

        Field(int number, int wireType, byte[] content) {
            this.number = number;
            this.wireType = wireType;
            this.content = content;
        }
    }

    public byte[] mutate(byte[] message, Descriptor type) {
        List<Field> fields = new ArrayList<>();
        for (Field field : split(message)) {
            expand(field, type.findFieldByNumber(field.number), fields);
        }
        if (rearranging) {
            insertUnknown(fields, type);
            shuffle(fields, type);
        }
        return join(fields);
    }

    /** Adds what stands for one field: itself rewritten, several parts, or itself behind another that it replaces. */
    private void expand(Field field, @Nullable FieldDescriptor known, List<Field> to) {
        if (known == null) {
            to.add(field);
        } else if (known.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            byte[] content = mutate(field.content, known.getMessageType());
            if (rearranging && !known.isRepeated() && random.nextInt(5) == 0) {
                List<Field> parts = split(content);
                int cut = random.nextInt(parts.size() + 1);
                to.add(new Field(field.number, WireFormat.WIRETYPE_LENGTH_DELIMITED, join(parts.subList(0, cut))));
                to.add(new Field(
                        field.number, WireFormat.WIRETYPE_LENGTH_DELIMITED, join(parts.subList(cut, parts.size()))));
            } else {
                to.add(new Field(field.number, field.wireType, content));
            }
        } else if (known.isPacked() && field.wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            unpack(field, known, to);
        } else {
            if (!known.isRepeated() && random.nextInt(6) == 0) {
                to.add(replaced(field));
            }
            to.add(field);
        }
    }

    private static Field replaced(Field field) {
        byte[] other = field.content.clone();
        for (int i = 0; i < other.length; i++) {
            // Keeps varints and UTF-8 what they are.
            other[i] = other[i] > 1 ? (byte) (other[i] - 1) : other[i];
        }
        return new Field(field.number, field.wireType, other);
    }

    private void unpack(Field field, FieldDescriptor known, List<Field> to) {
        boolean varints =
                known.getType() != FieldDescriptor.Type.FIXED64 && known.getType() != FieldDescriptor.Type.DOUBLE;
        int choice = random.nextInt(3);
        if (choice == 0) {
            to.add(field);
            return;
        }
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        int at = 0;
        while (at < field.content.length) {
            int end = varints ? varintEnd(field.content, at) : at + 8;
            byte[] one = Arrays.copyOfRange(field.content, at, end);
            at = end;
            if (choice == 1 || random.nextBoolean()) {
                packed(field.number, run, to);
                int wireType = varints ? WireFormat.WIRETYPE_VARINT : WireFormat.WIRETYPE_FIXED64;
                to.add(new Field(field.number, wireType, one));
            } else {
                run.writeBytes(one);
            }
        }
        packed(field.number, run, to);
    }

    /** Ends a packed run, so that numbers keep their order; it may be empty. */
    private static void packed(int number, ByteArrayOutputStream run, List<Field> to) {
        to.add(new Field(number, WireFormat.WIRETYPE_LENGTH_DELIMITED, run.toByteArray()));
        run.reset();
    }

    private void insertUnknown(List<Field> fields, Descriptor type) {
        if (random.nextInt(8) > 0) {
            return;
        }
        int number = 20 + random.nextInt(3000);
        Field unknown;
        switch (random.nextInt(4)) {
            case 0 -> {
                unknown = new Field(number, WireFormat.WIRETYPE_VARINT, new byte[] {(byte) 0x81, (byte) 0x80, 0});
            }
            case 1 -> {
                unknown = new Field(number, WireFormat.WIRETYPE_LENGTH_DELIMITED, new byte[] {0x0A, 0x02, (byte) 0xFF});
            }
            case 2 -> {
                List<Field> inner = new ArrayList<>();
                inner.add(new Field(1, WireFormat.WIRETYPE_FIXED32, new byte[4]));
                inner.add(new Field(7, WireFormat.WIRETYPE_START_GROUP, group(7, new ArrayList<>())));
                unknown = new Field(number, WireFormat.WIRETYPE_START_GROUP, group(number, inner));
            }
            default -> {
                // A known field with a wire type that is not its own.
                List<FieldDescriptor> known = type.getFields();
                FieldDescriptor field = known.get(random.nextInt(known.size()));
                unknown = new Field(field.getNumber(), WireFormat.WIRETYPE_FIXED32, new byte[] {1, 2, 3, 4});
                if (field.getType() == FieldDescriptor.Type.FIXED32) {
                    unknown = new Field(field.getNumber(), WireFormat.WIRETYPE_VARINT, new byte[] {5});
                }
            }
        }
        fields.add(random.nextInt(fields.size() + 1), unknown);
    }

    private byte[] group(int number, List<Field> inner) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(join(inner));
        varint(out, (long) number << 3 | WireFormat.WIRETYPE_END_GROUP);
        return out.toByteArray();
    }

    /** Moves fields; in one message of two lightly, in the other not at all, so that good layouts occur too. */
    private void shuffle(List<Field> fields, Descriptor type) {
        if (random.nextInt(3) > 0 || fields.size() < 2) {
            return;
        }
        for (int i = random.nextInt(2 * fields.size()); i > 0; i--) {
            int at = random.nextInt(fields.size() - 1);
            Field left = fields.get(at);
            Field right = fields.get(at + 1);
            FieldDescriptor leftType = type.findFieldByNumber(left.number);
            FieldDescriptor rightType = type.findFieldByNumber(right.number);
            boolean oneof = leftType != null
                    && rightType != null
                    && leftType.getRealContainingOneof() != null
                    && leftType.getRealContainingOneof() == rightType.getRealContainingOneof();
            if (left.number != right.number && !oneof) {
                fields.set(at, right);
                fields.set(at + 1, left);
            }
        }
    }

    private byte[] join(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            varint(out, (long) field.number << 3 | field.wireType);
            if (field.wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                varint(out, field.content.length);
                out.writeBytes(field.content);
            } else if (field.wireType == WireFormat.WIRETYPE_VARINT) {
                varint(out, varintAt(field.content, 0));
            } else {
                out.writeBytes(field.content);
            }
        }
        return out.toByteArray();
    }

    /** The shortest form, or in one of twelve with padding up to ten bytes. */
    private void varint(ByteArrayOutputStream out, long value) {
        int length = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        int padded = random.nextInt(12) == 0 ? length + random.nextInt(11 - length) : length;
        long rest = value;
        for (int i = 1; i < padded; i++) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static List<Field> split(byte[] message) {
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < message.length) {
            int tag = (int) varintAt(message, at);
            int value = varintEnd(message, at);
            int end = valueEnd(message, value, tag);
            int content = (tag & 7) == WireFormat.WIRETYPE_LENGTH_DELIMITED ? varintEnd(message, value) : value;
            fields.add(new Field(tag >>> 3, tag & 7, Arrays.copyOfRange(message, content, end)));
            at = end;
        }
        return fields;
    }

    private static int valueEnd(byte[] message, int value, int tag) {
        switch (tag & 7) {
            case WireFormat.WIRETYPE_VARINT -> {
                return varintEnd(message, value);
            }
            case WireFormat.WIRETYPE_FIXED64 -> {
                return value + 8;
            }
            case WireFormat.WIRETYPE_FIXED32 -> {
                return value + 4;
            }
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                return varintEnd(message, value) + (int) varintAt(message, value);
            }
            default -> {
                int at = value;
                while (true) {
                    int inner = (int) varintAt(message, at);
                    at = varintEnd(message, at);
                    if ((inner & 7) == WireFormat.WIRETYPE_END_GROUP) {
                        return at;
                    }
                    at = valueEnd(message, at, inner);
                }
            }
        }
    }

    private static int varintEnd(byte[] message, int at) {
        int end = at;
        while (message[end] < 0) {
            end++;
        }
        return end + 1;
    }

    private static long varintAt(byte[] message, int at) {
        long value = 0;
        int shift = 0;
        for (int i = at; ; i++) {
            value |= (long) (message[i] & 0x7F) << shift;
            shift += 7;
            if (message[i] >= 0) {
                return value;
            }
        }
    }

    /** Breaks a message in one to three places; it may stay correct by chance. */
    public byte[] corrupt(byte[] message) {
        byte[] broken = message.clone();
        for (int i = random.nextInt(3); i >= 0 && broken.length > 0; i--) {
            int at = random.nextInt(broken.length);
            switch (random.nextInt(5)) {
                case 0 -> broken = Arrays.copyOf(broken, at);
                case 1 -> broken[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> broken[at] = (byte) random.nextInt();
                case 3 -> broken[at] = (byte) (random.nextBoolean() ? 0xFF : 0x80);
                default -> {
                    int length = Math.min(1 + random.nextInt(8), broken.length - at);
                    byte[] shorter = new byte[broken.length - length];
                    System.arraycopy(broken, 0, shorter, 0, at);
                    System.arraycopy(broken, at + length, shorter, at, broken.length - at - length);
                    broken = shorter;
                }
            }
        }
        return broken;
    }
}
