package io.spanweir.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first asks for a stop, the second ends the process. Threading: any thread.
 *
 * <p>A shutdown hook could not do this: the JVM fixes the exit code before hooks run and ignores further signals while they
 * do. {@code sun.misc.Signal} is the only way in a JDK; it is exported by jdk.unsupported, but javac warns of it wherever it
 * is named, so it is reached by reflection.
 */
final class StopSignals {
    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);
    private static final List<String> NAMES = List.of("TERM", "INT");

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<String> first = new AtomicReference<>("");
    private final Runnable second;

    private StopSignals(Runnable second) {
        this.second = second;
    }

    /** Takes only what {@link #received} tells. */
    static StopSignals of(Runnable second) {
        return new StopSignals(second);
    }

    /**
     * From here on signals are taken.
     *
     * @param second run at the second signal, on a thread of the JVM
     */
    static StopSignals install(Runnable second) {
        StopSignals signals = of(second);
        try {
            for (String name : NAMES) {
                signals.handle(name);
            }
        } catch (ReflectiveOperationException e) {
            log.warn(
                    "Signals cannot be handled; SIGTERM ends the process without sending what waits. cause={}",
                    e.toString());
        }
        return signals;
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler onCall = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                received("SIG" + name);
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "handler of SIG" + name;
        };
        Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onCall);
        try {
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // -Xrs or a platform without this signal.
            throw new ReflectiveOperationException(String.valueOf(e.getCause()), e);
        }
    }

    /** A signal has come. */
    void received(String name) {
        if (first.compareAndSet("", name)) {
            asked.countDown();
        } else {
            second.run();
        }
    }

    /** Waits for the first signal and returns its name. */
    String await() throws InterruptedException {
        asked.await();
        return String.valueOf(first.get());
    }
}
