package io.spanweir.config;

/**
 * A place in a configuration source. Threading: any thread, immutable.
 *
 * @param source name of the source as the user gave it: a file's path, {@code env:NAME}, {@code yaml}, {@code --set}
 * @param line from 1; 0 when the source has no lines worth naming
 * @param column in code points from 1; 0 when {@code line} is 0
 */
public record Position(String source, int line, int column) {
    static Position of(String source) {
        return new Position(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
