package io.spanweir.config;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The text of a source for snakeyaml's scanner, all of it at once. Its own reader takes 1 KiB at a time and copies what it has
 * of the current token with each: a value of 3 million characters cost 19 GB of copies. Threading: one thread.
 */
final class WholeText extends StreamReader {
    private static final String NAME = "text";
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int NEXT_LINE = 0x85;
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    private final int[] codePoints;
    private int at;
    private int documentStart;
    private int line;
    private int column;

    /** @throws ReaderException for a character that YAML does not have, its position in UTF-16 units */
    WholeText(String text) {
        super("");
        this.codePoints = text.codePoints().toArray();
        int position = 0;
        for (int codePoint : codePoints) {
            if (!isPrintable(codePoint)) {
                throw new ReaderException(NAME, position, codePoint, "no character of YAML");
            }
            position += Character.charCount(codePoint);
        }
    }

    @Override
    public Mark getMark() {
        return new Mark(NAME, at, line, column, codePoints, at);
    }

    @Override
    public int peek() {
        return at < codePoints.length ? codePoints[at] : 0;
    }

    @Override
    public int peek(int ahead) {
        return ahead < codePoints.length - at ? codePoints[at + ahead] : 0;
    }

    @Override
    public String prefix(int length) {
        int count = Math.min(length, codePoints.length - at);
        return count <= 0 ? "" : new String(codePoints, at, count);
    }

    @Override
    public String prefixForward(int length) {
        String prefix = prefix(length);
        at = Math.min(codePoints.length, at + length);
        column += length;
        return prefix;
    }

    @Override
    public void forward() {
        forward(1);
    }

    @Override
    public void forward(int length) {
        for (int left = length; left > 0 && at < codePoints.length; left--) {
            int codePoint = codePoints[at++];
            if (endsLine(codePoint)) {
                line++;
                column = 0;
            } else if (codePoint != BYTE_ORDER_MARK) {
                column++;
            }
        }
    }

    private boolean endsLine(int codePoint) {
        return switch (codePoint) {
            case '\n', NEXT_LINE, LINE_SEPARATOR, PARAGRAPH_SEPARATOR -> true;
            case '\r' -> at < codePoints.length && codePoints[at] != '\n';
            default -> false;
        };
    }

    @Override
    public int getColumn() {
        return column;
    }

    @Override
    public int getLine() {
        return line;
    }

    @Override
    public int getIndex() {
        return at;
    }

    @Override
    public int getDocumentIndex() {
        return at - documentStart;
    }

    @Override
    public void resetDocumentIndex() {
        documentStart = at;
    }
}
