package io.spanweir.sim;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A second copy of all of our classes, one of them with a planted bug; libraries are shared. The copy on the class path is not
 * touched. Assertions are on.
 */
final class BugLoader extends ClassLoader {
    private static final String OURS = "io.spanweir.";

    private final PlantedBug bug;
    private final byte[] planted;
    private boolean loaded;

    /** @throws IllegalStateException when the code has no place for the bug any more */
    BugLoader(PlantedBug bug) throws ClassNotFoundException {
        super(BugLoader.class.getClassLoader());
        this.bug = bug;
        planted = bug.plant(bytes(bug.className()));
        setDefaultAssertionStatus(true);
    }

    /** Runs seeds one after the other. Returns the first violation with its seed, or null when all hold. */
    @Nullable
    Found search(long from, long count, Consumer<String> trace) throws ReflectiveOperationException {
        Method run = Class.forName(OURS + "sim.Simulation", true, this)
                .getDeclaredMethod("violationOf", long.class, Consumer.class);
        run.setAccessible(true);
        for (long seed = from; seed < from + count; seed++) {
            Throwable violation = violation(run, seed, trace);
            if (violation != null) {
                checkPlanted();
                return new Found(seed, String.valueOf(violation.getMessage()), violation);
            }
        }
        checkPlanted();
        return null;
    }

    /** What was found. */
    record Found(long seed, String message, Throwable violation) {}

    private static @Nullable Throwable violation(Method run, long seed, Consumer<String> trace)
            throws ReflectiveOperationException {
        try {
            return (Throwable) run.invoke(null, seed, trace);
        } catch (InvocationTargetException e) {
            return e.getCause();
        }
    }

    private void checkPlanted() {
        if (!loaded) {
            throw new IllegalStateException(bug + ": " + bug.className() + " was never loaded");
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            boolean target = name.equals(bug.className());
            loaded |= target;
            byte[] bytes = target ? planted : bytes(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
