package io.spanweir;

/** An engine that could not be started: a port that is taken, a certificate that cannot be read. Nothing is left running. */
public final class StartException extends Exception {
    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
