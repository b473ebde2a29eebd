package io.spanweir.server;

/** How the process ends; the only place of these numbers. */
enum ExitStatus {
    OK(0, "done, or stopped after everything was sent"),
    REFUSED(1, "the configuration is refused; for demo: the figures do not add up"),
    USAGE(2, "an option is unknown, missing or not understood"),
    NOT_STARTED(3, "could not start: a port is taken, a certificate cannot be read"),
    NOT_ALL_SENT(4, "stopped, but not everything could be sent before the deadline"),
    CUT_SHORT(5, "a second signal ended it at once");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    /** For people, as the help shows it. */
    String meaning() {
        return meaning;
    }
}
