package io.spanweir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads configuration files whole, within a limit, as UTF-8. Threading: any thread. */
final class SourceFiles {
    static final int BYTES_MAX = 4 * YamlReader.CODE_POINTS_MAX;

    private static final int UTF_16_LITTLE_ENDIAN = 0xFFFE;
    private static final int UTF_16_BIG_ENDIAN = 0xFEFF;
    private static final int GZIP = 0x1F8B;

    private final Path directory;

    /** @param directory what relative paths are relative to */
    SourceFiles(Path directory) {
        this.directory = directory;
    }

    /** Why a file cannot be used, as the rest of a sentence that begins with its name. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    String read(String name) throws Unreadable {
        if (name.isEmpty()) {
            throw new Unreadable("names no file; write a path after \"file:\"");
        }
        byte[] bytes;
        try {
            Path file = directory.resolve(name);
            if (Files.isDirectory(file)) {
                throw new Unreadable("is a directory; name a file in it");
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(BYTES_MAX + 1);
            }
        } catch (NoSuchFileException exception) {
            throw new Unreadable("no such file" + from(name));
        } catch (AccessDeniedException exception) {
            throw new Unreadable("may not be read; change its owner or mode");
        } catch (InvalidPathException exception) {
            throw new Unreadable("is no path: " + exception.getReason());
        } catch (IOException exception) {
            throw new Unreadable("cannot be read: " + exception.getMessage());
        }
        if (bytes.length > BYTES_MAX) {
            throw new Unreadable("is larger than " + Sizes.format(BYTES_MAX));
        }
        return text(bytes);
    }

    private String from(String name) {
        return Path.of(name).isAbsolute()
                ? ""
                : " in " + directory.toAbsolutePath().normalize();
    }

    private static String text(byte[] bytes) throws Unreadable {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int begin = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
            if (begin == UTF_16_LITTLE_ENDIAN || begin == UTF_16_BIG_ENDIAN) {
                throw new Unreadable("is UTF-16; save it as UTF-8");
            }
            if (begin == GZIP) {
                throw new Unreadable("is compressed with gzip; decompress it first");
            }
            long line = 1;
            for (int index = 0; index < in.position(); index++) {
                line += bytes[index] == '\n' ? 1 : 0;
            }
            throw new Unreadable("is not UTF-8 from byte " + in.position() + " (line " + line + "); save it as UTF-8");
        }
        return out.flip().toString();
    }
}
