package io.spanweir.export;

import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * Where a lane writes a request: a chain of blocks that is filled from front to back. Nested messages get a length of four
 * bytes that is patched when they end (a varint with leading zero groups, legal in protobuf), so everything is written once.
 *
 * <p>{@link #reserve} takes the blocks first; what was reserved can be written without a further question. Threading: lane.
 */
final class ExportBuffer {
    /** Bytes of a nested message's header: a tag of one byte and a length of four. */
    static final int NESTED_HEADER_BYTES = 5;

    private static final int NESTED_LENGTH_MAX = (1 << 28) - 1;

    private final ExportMemory memory;
    private byte[][] blocks = new byte[8][];
    private int blockCount;
    private int blockIndex;
    private byte[] block = Bytes.EMPTY;
    private int position;
    private int lengthBytes;

    ExportBuffer(ExportMemory memory) {
        this.memory = memory;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    /** Makes sure that so many bytes can be appended; false, with nothing changed, when the memory for them is not there. */
    boolean reserve(long bytes) {
        int blockBytes = memory.blockLengthBytes();
        int before = blockCount;
        while ((long) blockCount * blockBytes - lengthBytes < bytes) {
            byte[] taken = memory.take();
            if (taken == null) {
                while (blockCount > before) {
                    giveBackLast();
                }
                return false;
            }
            if (blockCount == blocks.length) {
                blocks = Arrays.copyOf(blocks, blockCount * 2);
            }
            blocks[blockCount++] = taken;
        }
        if (block.length == 0 && blockCount > 0) {
            block = blocks[0];
        }
        return true;
    }

    void append(byte[] source, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (position == block.length) {
                nextBlock();
            }
            int part = Math.min(left, block.length - position);
            System.arraycopy(source, from, block, position, part);
            position += part;
            from += part;
            left -= part;
        }
        lengthBytes += length;
    }

    /** How much can be written into {@link #block} at {@link #position}, of what was reserved. */
    int roomInBlock() {
        return block.length - position;
    }

    byte[] block() {
        return block;
    }

    int position() {
        return position;
    }

    /** So much has been written into the block, at most its room. */
    void appended(int length) {
        assert length <= roomInBlock() : length;
        position += length;
        lengthBytes += length;
    }

    void append(int value) {
        if (position == block.length) {
            nextBlock();
        }
        block[position++] = (byte) value;
        lengthBytes++;
    }

    void appendVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            append(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        append(rest);
    }

    /** Begins a nested message; the answer goes to {@link #endNested}. */
    int beginNested(int tag) {
        append(tag);
        int mark = lengthBytes;
        append(0);
        append(0);
        append(0);
        append(0);
        return mark;
    }

    void endNested(int mark) {
        int length = lengthBytes - mark - 4;
        if (length > NESTED_LENGTH_MAX) {
            throw new IllegalStateException("a nested message of " + length + " bytes");
        }
        put(mark, length & 0x7f | 0x80);
        put(mark + 1, length >>> 7 & 0x7f | 0x80);
        put(mark + 2, length >>> 14 & 0x7f | 0x80);
        put(mark + 3, length >>> 21);
    }

    /** The filled blocks, to be given back to the memory by whoever takes them; the buffer is empty afterwards. */
    byte[][] detach() {
        int used = lengthBytes == 0 ? 0 : blockIndex + 1;
        while (blockCount > used) {
            giveBackLast();
        }
        byte[][] filled = Arrays.copyOf(blocks, used);
        if (used > 0) {
            filled[used - 1] = memory.fitted(filled[used - 1], position);
        }
        forget();
        return filled;
    }

    /** The lengths of the blocks that {@link #detach} is about to give out. */
    int[] sliceLengths() {
        int[] lengths = new int[lengthBytes == 0 ? 0 : blockIndex + 1];
        Arrays.fill(lengths, memory.blockLengthBytes());
        if (lengths.length > 0) {
            lengths[lengths.length - 1] = position;
        }
        return lengths;
    }

    private void forget() {
        Arrays.fill(blocks, 0, blockCount, Bytes.EMPTY);
        blockCount = 0;
        blockIndex = 0;
        block = Bytes.EMPTY;
        position = 0;
        lengthBytes = 0;
    }

    private void put(int at, int value) {
        int blockBytes = memory.blockLengthBytes();
        blocks[at / blockBytes][at % blockBytes] = (byte) value;
    }

    private void nextBlock() {
        blockIndex++;
        block = blocks[blockIndex];
        position = 0;
    }

    private void giveBackLast() {
        byte[] last = blocks[--blockCount];
        blocks[blockCount] = Bytes.EMPTY;
        memory.give(last);
        if (blockCount == 0) {
            block = Bytes.EMPTY;
        }
    }
}
