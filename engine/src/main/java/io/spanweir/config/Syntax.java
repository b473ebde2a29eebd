package io.spanweir.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in our words what the YAML parser says in its own, for the mistakes that people make. */
final class Syntax {
    /** What the parser's problem contains, and what is said instead; the first that fits is taken. */
    private static final String[][] MESSAGES = {
        {"\\t(TAB)", "a tab cannot indent or separate here; use spaces"},
        {
            "mapping values are not allowed here",
            "a \": \" cannot be here; is the line before without its \":\" or indented otherwise, or does a value with a colon"
                    + " lack quotes?"
        },
        {"could not find expected ':'", "a key without \": \"; write \"key: value\""},
        {
            "found '<block mapping start>'",
            "the indentation fits no section above; indent like the other keys of the section"
        },
        {"found '<scalar>'", "text after a value that has ended; put all of the value in quotes, a \"'\" inside doubled"
        },
        {"found ':'", "a key is missing before the colon"},
        {"found '-'", "a \"- \" in a section that is no list; indent it below its key"},
        {"found unexpected end of stream", "the quote is never closed"},
        {"expected ',' or ']'", "the \"[\" is not closed where it should be; write \"]\" after its last item"},
        {"expected ',' or '}'", "the \"{\" is not closed where it should be; write \"}\" after its last value"},
        {"cannot start any token", "a value cannot begin with this character; put the value in quotes"},
        {"escape character", "\"\\\" starts no known escape here; write \"\\\\\" or use single quotes"},
        {"sequence entries are not allowed here", "a \"- \" cannot be here; begin the list in a new line"}
    };

    private Syntax() {}

    static String message(MarkedYAMLException exception) {
        String problem = problem(exception);
        for (String[] message : MESSAGES) {
            if (problem.contains(message[0])) {
                return message[1];
            }
        }
        String context = exception.getContext() == null ? "" : " " + exception.getContext();
        return "is not YAML: "
                + (problem + context).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** Where to look: for what is never closed, where it was opened. */
    static @Nullable Mark mark(MarkedYAMLException exception) {
        String problem = problem(exception);
        boolean unclosed = problem.contains("unexpected end of stream") || problem.contains("expected ','");
        Mark first = unclosed ? exception.getContextMark() : exception.getProblemMark();
        Mark second = unclosed ? exception.getProblemMark() : exception.getContextMark();
        return first == null ? second : first;
    }

    private static String problem(MarkedYAMLException exception) {
        return exception.getProblem() == null ? "" : exception.getProblem();
    }

    static String unprintable(int codePoint) {
        return String.format("the character U+%04X cannot be in YAML; remove it", codePoint);
    }
}
