package io.spanweir.sampling;

/**
 * One W3C tracestate read in place, with the {@code ot} member that carries OpenTelemetry's sampling: {@code th}, the
 * threshold, and {@code rv}, the randomness. Members and sub-keys of others survive a change. A view: valid while its bytes
 * are; {@link #wrap} allocates nothing. Threading: one thread.
 *
 * <p>Limits: {@value #LENGTH_MAX} bytes (the collector's), {@value #MEMBERS_MAX} members, 256 characters for a key and for a
 * value, the {@code ot} value included. What breaks them, or the grammar, is unparseable: it is left alone, and whoever asks
 * counts it. Sources: W3C Trace Context; OpenTelemetry, "TraceState Handling".
 */
public final class TraceState {
    public static final int LENGTH_MAX = 1024;
    public static final int MEMBERS_MAX = 32;
    public static final int KEY_LENGTH_MAX = 256;
    public static final int VALUE_LENGTH_MAX = 256;

    /** The answer of {@link #write} when the result would break a limit: nothing is to be written then. */
    public static final int OVER_LIMIT = -1;

    private static final int MEMBER_INTS = 4;
    private static final int KEY_AT = 0;
    private static final int KEY_LENGTH = 1;
    private static final int VALUE_AT = 2;
    private static final int VALUE_LENGTH = 3;
    private static final int NONE = -1;
    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private final int[] members = new int[MEMBERS_MAX * MEMBER_INTS];
    private int memberCount;
    private int otMember;
    private long threshold;
    private long randomness;
    private boolean parseable;
    private boolean otParseable;

    /** Reads a tracestate; see {@link #parseable} for the outcome. An empty one is fine and has nothing. */
    public TraceState wrap(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        memberCount = 0;
        otMember = NONE;
        threshold = Threshold.ABSENT;
        randomness = Randomness.ABSENT;
        parseable = length <= LENGTH_MAX && readMembers(offset, offset + length);
        if (!parseable) {
            memberCount = 0;
            otMember = NONE;
        }
        otParseable = parseable && (otMember == NONE || readOpenTelemetry());
        if (!otParseable) {
            threshold = Threshold.ABSENT;
            randomness = Randomness.ABSENT;
        }
        return this;
    }

    /** Whether the list as a whole and the {@code ot} member in it could be read. */
    public boolean parseable() {
        return otParseable;
    }

    /** What {@code th} says, or {@link Threshold#ABSENT}. */
    public long threshold() {
        return threshold;
    }

    /** What {@code rv} says, or {@link Randomness#ABSENT}. */
    public long randomness() {
        return randomness;
    }

    /** The number of a member by its key, or -1. A list whose {@code ot} member alone is broken has its members. */
    public int find(byte[] key) {
        for (int member = 0; member < memberCount; member++) {
            int at = members[member * MEMBER_INTS + KEY_AT];
            int length = members[member * MEMBER_INTS + KEY_LENGTH];
            if (equal(at, length, key)) {
                return member;
            }
        }
        return NONE;
    }

    public int valueOffset(int member) {
        return members[member * MEMBER_INTS + VALUE_AT];
    }

    public int valueLength(int member) {
        return members[member * MEMBER_INTS + VALUE_LENGTH];
    }

    /**
     * Writes the tracestate with another threshold. The {@code ot} member moves to the front; when it is new and the list
     * is full, the last member goes.
     *
     * @param newThreshold the threshold, or {@link Threshold#ABSENT} to remove {@code th}
     * @param into room for {@link #LENGTH_MAX} bytes at the offset
     * @return the offset behind it, or {@link #OVER_LIMIT}
     */
    public int write(long newThreshold, byte[] into, int offset) {
        assert otParseable : "an unparseable tracestate is left alone";
        int limit = offset + LENGTH_MAX;
        int at = writeOpenTelemetry(newThreshold, into, offset, limit);
        if (at == OVER_LIMIT) {
            return OVER_LIMIT;
        }
        int others = otMember == NONE && at > offset ? Math.min(memberCount, MEMBERS_MAX - 1) : memberCount;
        for (int member = 0; member < others; member++) {
            if (member == otMember) {
                continue;
            }
            int keyAt = members[member * MEMBER_INTS + KEY_AT];
            int end = valueOffset(member) + valueLength(member);
            int separator = at > offset ? 1 : 0;
            if (limit - at < separator + end - keyAt) {
                return OVER_LIMIT;
            }
            if (separator > 0) {
                into[at++] = ',';
            }
            System.arraycopy(bytes, keyAt, into, at, end - keyAt);
            at += end - keyAt;
        }
        return at;
    }

    /** Writes {@code ot=rv:…;th:…} and the other sub-keys, or nothing when there are none. */
    private int writeOpenTelemetry(long newThreshold, byte[] into, int offset, int limit) {
        int valueAt = otMember == NONE ? 0 : valueOffset(otMember);
        int valueEnd = otMember == NONE ? 0 : valueAt + valueLength(otMember);
        int thresholdLength = newThreshold == Threshold.ABSENT ? 0 : 4 + Threshold.digitCount(newThreshold);
        if (limit - offset < 3 + (valueEnd - valueAt) + thresholdLength) {
            return OVER_LIMIT;
        }
        int start = offset + 3;
        int at = start;
        if (randomness != Randomness.ABSENT) {
            at = subKey(into, at, start, 'r', 'v');
            Hex.write(randomness, Threshold.DIGITS_MAX, into, at);
            at += Threshold.DIGITS_MAX;
        }
        if (newThreshold != Threshold.ABSENT) {
            at = subKey(into, at, start, 't', 'h');
            at = Threshold.write(newThreshold, into, at);
        }
        for (int from = valueAt; from < valueEnd; ) {
            int end = subKeyEnd(from, valueEnd);
            if (!isSubKey(from, end, 'r', 'v') && !isSubKey(from, end, 't', 'h')) {
                if (at > start) {
                    into[at++] = ';';
                }
                System.arraycopy(bytes, from, into, at, end - from);
                at += end - from;
            }
            from = end + 1;
        }
        if (at == start) {
            return offset;
        }
        if (at - start > VALUE_LENGTH_MAX) {
            return OVER_LIMIT;
        }
        into[offset] = 'o';
        into[offset + 1] = 't';
        into[offset + 2] = '=';
        return at;
    }

    private static int subKey(byte[] into, int offset, int start, char first, char second) {
        int at = offset;
        if (at > start) {
            into[at++] = ';';
        }
        into[at++] = (byte) first;
        into[at++] = (byte) second;
        into[at++] = ':';
        return at;
    }

    private boolean readMembers(int offset, int end) {
        int at = offset;
        while (at < end) {
            int comma = at;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int from = at;
            int to = comma;
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (from < to && isBlank(bytes[to - 1])) {
                to--;
            }
            if (from < to && !readMember(from, to)) {
                return false;
            }
            at = comma + 1;
        }
        return true;
    }

    private boolean readMember(int from, int to) {
        int equals = from;
        while (equals < to && bytes[equals] != '=') {
            equals++;
        }
        int valueAt = equals + 1;
        boolean good = memberCount < MEMBERS_MAX
                && equals < to
                && isKey(from, equals)
                && to - valueAt <= VALUE_LENGTH_MAX
                && isValue(valueAt, to);
        if (!good) {
            return false;
        }
        int at = memberCount * MEMBER_INTS;
        members[at + KEY_AT] = from;
        members[at + KEY_LENGTH] = equals - from;
        members[at + VALUE_AT] = valueAt;
        members[at + VALUE_LENGTH] = to - valueAt;
        if (equals - from == 2 && bytes[from] == 'o' && bytes[from + 1] == 't') {
            if (otMember != NONE) {
                return false;
            }
            otMember = memberCount;
        }
        memberCount++;
        return true;
    }

    /** {@code k:v;k:v}; {@code th} and {@code rv} once each at most and well formed. */
    private boolean readOpenTelemetry() {
        int end = valueOffset(otMember) + valueLength(otMember);
        for (int at = valueOffset(otMember); at < end; ) {
            int to = subKeyEnd(at, end);
            if (!isSubKeyAndValue(at, to) || to == end - 1) {
                return false;
            }
            if (isSubKey(at, to, 't', 'h')) {
                if (threshold != Threshold.ABSENT) {
                    return false;
                }
                threshold = Threshold.read(bytes, at + 3, to - at - 3);
                if (threshold == Threshold.ABSENT) {
                    return false;
                }
            } else if (isSubKey(at, to, 'r', 'v')) {
                if (randomness != Randomness.ABSENT) {
                    return false;
                }
                randomness = Randomness.read(bytes, at + 3, to - at - 3);
                if (randomness == Randomness.ABSENT) {
                    return false;
                }
            }
            at = to + 1;
        }
        return true;
    }

    private int subKeyEnd(int from, int end) {
        int at = from;
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    private boolean isSubKey(int from, int to, char first, char second) {
        return to - from >= 3 && bytes[from] == first && bytes[from + 1] == second && bytes[from + 2] == ':';
    }

    private boolean isSubKeyAndValue(int from, int to) {
        int at = from;
        if (at == to || !isLower(bytes[at])) {
            return false;
        }
        while (at < to && (isLower(bytes[at]) || isDigit(bytes[at]))) {
            at++;
        }
        if (at == to || bytes[at] != ':') {
            return false;
        }
        for (at++; at < to; at++) {
            byte c = bytes[at];
            boolean allowed = isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private boolean isKey(int from, int to) {
        if (from == to || to - from > KEY_LENGTH_MAX || !(isLower(bytes[from]) || isDigit(bytes[from]))) {
            return false;
        }
        boolean tenant = false;
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (c == '@' && !tenant && at + 1 < to) {
                tenant = true;
            } else if (!(isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '*' || c == '/')) {
                return false;
            }
        }
        return true;
    }

    private boolean isValue(int from, int to) {
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (c < 0x20 || c > 0x7e || c == '=') {
                return false;
            }
        }
        return true;
    }

    private boolean equal(int at, int length, byte[] text) {
        if (length != text.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLower(byte c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
