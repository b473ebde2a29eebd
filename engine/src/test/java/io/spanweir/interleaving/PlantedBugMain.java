package io.spanweir.interleaving;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Runs one test, {@code class#method}. Ends with {@link #FOUND} when it fails, and says why. */
final class PlantedBugMain {
    static final int FOUND = 2;
    static final int NOT_FOUND = 3;

    private PlantedBugMain() {}

    public static void main(String[] args) throws Exception {
        String[] test = args[0].split("#");
        Constructor<?> tests = Class.forName(test[0]).getDeclaredConstructor();
        tests.setAccessible(true);
        Method method = tests.getDeclaringClass().getDeclaredMethod(test[1]);
        method.setAccessible(true);
        try {
            method.invoke(tests.newInstance());
        } catch (InvocationTargetException e) {
            System.out.println(e.getCause());
            System.exit(FOUND);
        }
        System.exit(NOT_FOUND);
    }
}
