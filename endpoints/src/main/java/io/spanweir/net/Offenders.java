package io.spanweir.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Addresses whose connections had to be ended for a flood, and how long their next connections wait for it. To open a connection
 * and be thrown out costs a peer little, and the server some milliseconds; so it must not be free to do it again at once.
 *
 * <pre>
 *   two floods, none of them ten seconds after the one before, or parts of more: connections of the address are let in one
 *   after the other, 0.5 s apart after the second flood, 1 s after the third, ... 2 s at most; who would wait longer than 5 s
 *   is closed
 *   ten seconds without a flood: forgotten
 * </pre>
 *
 * <p>Connections that are open are not touched, and those of others behind the same address (a NAT, a proxy) wait, but get in
 * unless the attacker has filled the line. An IPv6 address counts as its /64. The table has 1024 places; when it is full the
 * address whose last flood is the longest ago is forgotten. Threading: any thread.
 */
public final class Offenders {
    /** What one flood is charged. */
    static final int FLOOD = 100;

    static final int TOLERATED = 1;
    private static final int CHARGE_MAX = 100 * FLOOD;
    static final int ADDRESSES_MAX = 1024;
    static final long FORGOTTEN_NANOS = Duration.ofSeconds(10).toNanos();
    static final long STEP_NANOS = Duration.ofMillis(500).toNanos();
    static final long INTERVAL_NANOS_MAX = Duration.ofSeconds(2).toNanos();
    static final long WAIT_NANOS_MAX = Duration.ofSeconds(5).toNanos();
    /** {@link #delayNanos}: the line is too long already. */
    static final long CLOSE = -1;

    private static final int IPV6_PREFIX_LENGTH = 8;

    private final LongSupplier nanoTime;
    /** The longest quiet first. Guarded by itself. */
    private final Map<Object, Offender> offenders = new LinkedHashMap<>();

    private volatile boolean empty = true;

    public Offenders() {
        this(System::nanoTime);
    }

    Offenders(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class Offender {
        /** Hundredths of floods. */
        int charge;

        long lastNanos;
        long nextNanos;

        long intervalNanos() {
            int floods = charge / FLOOD - TOLERATED;
            return floods <= 0 ? 0 : Math.min(floods * STEP_NANOS, INTERVAL_NANOS_MAX);
        }
    }

    /**
     * A connection from there has ended.
     *
     * @param hundredths {@link #FLOOD} when it was ended for a flood; less when it was closed by the peer before it was one
     */
    void charge(@Nullable SocketAddress address, int hundredths) {
        Object key = key(address);
        if (key == null) {
            return;
        }
        long nowNanos = nanoTime.getAsLong();
        synchronized (offenders) {
            Offender offender = offenders.remove(key);
            if (offender == null || nowNanos - offender.lastNanos >= FORGOTTEN_NANOS) {
                offender = new Offender();
                offender.nextNanos = nowNanos;
            }
            offender.charge = Math.min(offender.charge + hundredths, CHARGE_MAX);
            offender.lastNanos = nowNanos;
            offenders.put(key, offender);
            if (offenders.size() > ADDRESSES_MAX) {
                offenders.remove(offenders.keySet().iterator().next());
            }
            empty = false;
        }
    }

    /** How long a new connection has to wait, which takes a place in the line; {@link #CLOSE} when that is too long. */
    long delayNanos(@Nullable SocketAddress address) {
        if (empty) {
            return 0;
        }
        Object key = key(address);
        long nowNanos = nanoTime.getAsLong();
        synchronized (offenders) {
            Offender offender = key == null ? null : offenders.get(key);
            if (offender == null) {
                return 0;
            }
            if (nowNanos - offender.lastNanos >= FORGOTTEN_NANOS) {
                offenders.remove(key);
                empty = offenders.isEmpty();
                return 0;
            }
            long interval = offender.intervalNanos();
            long delay = interval == 0 ? 0 : Math.max(0, offender.nextNanos - nowNanos);
            if (delay > WAIT_NANOS_MAX) {
                return CLOSE;
            }
            offender.nextNanos = nowNanos + delay + interval;
            return delay;
        }
    }

    int size() {
        synchronized (offenders) {
            return offenders.size();
        }
    }

    private static @Nullable Object key(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress internet)) {
            return null;
        }
        InetAddress peer = internet.getAddress();
        return peer instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(peer.getAddress(), IPV6_PREFIX_LENGTH))
                : peer;
    }
}
