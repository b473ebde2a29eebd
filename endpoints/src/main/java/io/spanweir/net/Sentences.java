package io.spanweir.net;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;

/** What peers and the system say, made fit for one line of a log. Threading: any thread. */
public final class Sentences {
    private static final int LENGTH_MAX = 512;
    private static final String FAILED_CALL = "(..) failed with error(";

    private Sentences() {}

    /** On one line, without control characters, at most 512 characters. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LENGTH_MAX));
        boolean space = false;
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            boolean blank = letter <= ' ' || letter == 0x7F || Character.isISOControl(letter);
            if (!blank) {
                if (space && line.length() > 0) {
                    line.append(' ');
                }
                if (line.length() >= LENGTH_MAX) {
                    return line.append('…').toString();
                }
                line.append(letter);
            }
            space = blank;
        }
        return line.toString();
    }

    /** What went wrong, from the innermost cause that says something: {@code connection refused}, {@code no route to host}. */
    public static String cause(Throwable problem) {
        Throwable deepest = problem;
        for (int depth = 0; depth < 16 && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        if (message == null || message.isBlank()) {
            return words(deepest.getClass().getSimpleName());
        }
        if (deepest instanceof java.net.UnknownHostException) {
            return "the name " + message.replace(": Name or service not known", "") + " is not known";
        }
        if (deepest instanceof FileSystemException about) {
            return ofFile(about, message);
        }
        return lowerFirst(withoutAddress(withoutCall(message)));
    }

    /** The message of a {@code FileSystemException} begins with the path, which the sentence has already, or is nothing else. */
    private static String ofFile(FileSystemException problem, String message) {
        String reason = problem.getReason();
        if (reason != null) {
            return lowerFirst(line(reason));
        }
        if (problem instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        return problem instanceof AccessDeniedException ? "permission denied" : line(message);
    }

    /** Netty's epoll says {@code finishConnect(..) failed with error(-111): Connection refused}; the reason is the end. */
    private static String withoutCall(String message) {
        int call = message.indexOf(FAILED_CALL);
        int reason = call < 0 ? -1 : message.indexOf("): ", call);
        return reason < 0 ? message : message.substring(reason + 3);
    }

    /** {@code 5s}, {@code 1.5s}, {@code 200ms}. */
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 == 0 && millis > 0) {
            return millis / 1000 + "s";
        }
        return millis < 1000 ? millis + "ms" : millis / 1000.0 + "s";
    }

    /** The system's text for a refused connection is followed by the address, which the sentence has already. */
    private static String withoutAddress(String message) {
        String line = line(message);
        int colon = line.indexOf(": ");
        boolean address = colon > 0 && line.indexOf('/', colon) >= 0 && line.indexOf(' ', colon + 2) < 0;
        return address ? line.substring(0, colon) : line;
    }

    private static String lowerFirst(String text) {
        boolean word = text.length() > 1 && Character.isLowerCase(text.charAt(1));
        return word ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
    }

    private static String words(String className) {
        String bare = className.replaceFirst("(Exception|Error)$", "");
        return bare.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
