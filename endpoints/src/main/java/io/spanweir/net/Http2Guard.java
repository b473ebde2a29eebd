package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections of HTTP/2 that make work and bring none, and lets none keep its thread from the others for long. It sits
 * below the codec, reads the nine bytes in front of each frame as they pass, and changes nothing but when the codec gets them and
 * how it gathers them.
 *
 * <pre>
 *   frames that carry no request: SETTINGS, PING, PRIORITY, WINDOW_UPDATE, RST_STREAM, CONTINUATION, unknown types,
 *   and DATA of fewer than eight bytes that does not end its stream
 *
 *   a bucket of 1000: each takes one, HEADERS bring 10 back, ten seconds fill it
 *   empty: GOAWAY with ENHANCE_YOUR_CALM, and the end
 *
 *   resets of ours because of what the peer did wrong: 150 in ten seconds
 * </pre>
 *
 * <p>Frames of a connection are passed on for a millisecond or so at a time; then others that have something to read come first.
 * That is much for code that is compiled, and few requests for code that an attack runs for the first time. Connections on
 * {@link Probation} have fewer turns, and short reads.
 *
 * <p>Codecs bound what a flood leaves behind, and some kinds of frames by number, but not those that are answered at once, or
 * not at all: they cost nothing but time, of a thread that serves others too. Requests have limits of their own. The guard also
 * bounds how long a peer may owe what it has begun, its preface and each block of headers.
 *
 * <p>Added before the handlers of TLS, it moves behind them when the first bytes come. Threading: I/O thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // how a write or a close ends shows in channelInactive
public final class Http2Guard extends ChannelDuplexHandler {
    /** How long a peer may take for its preface and first frame, and for each block of headers. */
    public static final Duration OWED = Duration.ofMinutes(1);

    static final int OVERHEAD_FRAMES_MAX = 1_000;
    static final int OVERHEAD_FRAMES_PER_REQUEST = 10;
    static final int FAULTS_MAX = 150;

    /** Streams that a client may reset in {@link #RESETS_SECONDS}; more is an attack ("rapid reset"). Codecs count them. */
    static final int RESETS_MAX = 200;

    static final int RESETS_SECONDS = 30;

    /** Of what makes a flood. */
    private static final int CHARGED_PERCENT_MIN = 10;

    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long FAREWELL_MILLIS = 200;

    private static final int PREFACE_LENGTH = 24;
    private static final int HEADER_LENGTH = 9;
    private static final int TYPE_SHIFT = 40;
    private static final int FLAGS_SHIFT = 32;
    private static final int LENGTH_SHIFT = 48;
    private static final int TYPE_OFFSET = 3;
    private static final int LAST_STREAM_LENGTH = 4;
    private static final int SMALL_DATA_BYTES = 8;

    private static final int GATHERED_BYTES_MIN = 8 << 10;

    /** How long a connection has the thread, and more for each byte: a turn of large requests is not cut short. */
    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long TURN_NANOS_PER_BYTE = 4;

    /** What is passed on without a look at the clock: frames, of which headers weigh as much as eight. */
    private static final int PIECE_WEIGHT = 16;

    private static final int HEADERS_WEIGHT = 8;

    private static final int RESET_FRAME_LENGTH = 13;
    private static final int RESET_LENGTH_AND_TYPE = 0x000004_03;
    private static final int NO_ERROR = 0;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int GOAWAY_LENGTH = 8;

    private final long owedNanos;
    private final Offenders offenders;
    private final LongSupplier nanoTime;
    /** Bytes to pass over until the next frame: of the preface, of a payload. */
    private int skipped = PREFACE_LENGTH;

    private int headerBytes;
    /** The last eight bytes of the header that is being read; its first byte is in {@link #lengthHigh}. */
    private long header;

    private int lengthHigh;
    private int allowed = OVERHEAD_FRAMES_MAX;
    private long periodBeganNanos;
    private int faults;
    private int resets;
    private int lastStream;
    private boolean owes = true;
    private @Nullable Future<?> timer;
    private boolean ending;
    private boolean saidFarewell;
    private boolean gathersWithoutCopy;

    private boolean inTurn;
    private long turnBeganNanos;
    private long turnEndsNanos;
    private final Probation probation;
    private @Nullable Runnable awaited;
    private boolean shortReads;
    /** What has arrived and is for the next turn; nothing is read meanwhile. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(0);

    /**
     * @param owed as {@link #OWED}
     * @param offenders told whose connections are ended for a flood, by this guard or the codec
     */
    public Http2Guard(Duration owed, Offenders offenders) {
        this(owed, offenders, System::nanoTime, new Probation());
    }

    Http2Guard(Duration owed, Offenders offenders, LongSupplier nanoTime, Probation probation) {
        this.owedNanos = owed.toNanos();
        this.offenders = offenders;
        this.nanoTime = nanoTime;
        this.probation = probation;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        periodBeganNanos = nanoTime.getAsLong();
        shortReads(ctx, true);
        time(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ending) {
            ReferenceCountUtil.release(message);
            return;
        }
        ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
        if (tls != null && skipped == PREFACE_LENGTH && precedes(ctx, tls)) {
            ctx.pipeline()
                    .addAfter(
                            tls.name(),
                            null,
                            new Http2Guard(Duration.ofNanos(owedNanos), offenders, nanoTime, probation));
            ctx.fireChannelRead(message);
            ctx.pipeline().remove(this);
            return;
        }
        if (!gathersWithoutCopy) {
            gatherWithoutCopy(ctx);
        }
        if (message instanceof ByteBuf bytes) {
            pass(ctx, bytes);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!waiting.isEmpty()) {
            waiting.add(bytes);
            return;
        }
        if (!mayPass() || !passedInTurn(ctx, bytes)) {
            waiting.add(bytes);
            ctx.channel().config().setAutoRead(false);
            planTurn(ctx);
        }
    }

    private boolean mayPass() {
        if (!inTurn && probation.mayTakeTurn()) {
            beginTurn();
        }
        return inTurn;
    }

    private void beginTurn() {
        inTurn = true;
        turnBeganNanos = nanoTime.getAsLong();
        turnEndsNanos = turnBeganNanos + TURN_NANOS;
    }

    private void endTurn(ChannelHandlerContext ctx) {
        if (!inTurn) {
            return;
        }
        inTurn = false;
        boolean onProbation = probation.lasts();
        if (onProbation) {
            // Bytes of bodies are free: who sends much at first, as after an outage, is no attacker.
            long freeNanos = turnEndsNanos - TURN_NANOS - turnBeganNanos;
            probation.charge(Math.max(0, nanoTime.getAsLong() - turnBeganNanos - freeNanos));
        }
        if (onProbation != shortReads) {
            shortReads(ctx, onProbation);
        }
    }

    private void shortReads(ChannelHandlerContext ctx, boolean wanted) {
        shortReads = wanted;
        if (ctx.channel().config().getRecvByteBufAllocator() instanceof ReadSizes sizes) {
            sizes.shortReads(wanted);
        }
    }

    /** The thread comes to it when it has served what else can be read. */
    private void planTurn(ChannelHandlerContext ctx) {
        endTurn(ctx);
        Runnable turn = () -> nextTurn(ctx);
        if (probation.lasts()) {
            awaited = turn;
            probation.await(ctx.executor(), turn);
        } else {
            ctx.executor().execute(turn);
        }
    }

    /** Whether nothing is left of these bytes, which are taken over then. */
    private boolean passedInTurn(ChannelHandlerContext ctx, ByteBuf bytes) {
        while (nanoTime.getAsLong() - turnEndsNanos < 0) {
            int length = pieceLength(bytes);
            turnEndsNanos += length * TURN_NANOS_PER_BYTE;
            if (length == bytes.readableBytes()) {
                ctx.fireChannelRead(bytes);
                return true;
            }
            if (length >= 0) {
                ctx.fireChannelRead(bytes.readRetainedSlice(length));
            } else {
                end(ctx);
            }
            if (ending) {
                bytes.release();
                return true;
            }
        }
        return false;
    }

    private void nextTurn(ChannelHandlerContext ctx) {
        awaited = null;
        if (ctx.isRemoved()) {
            return;
        }
        beginTurn();
        for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
            if (ending) {
                bytes.release();
            } else if (!passedInTurn(ctx, bytes)) {
                waiting.addFirst(bytes);
                planTurn(ctx);
                return;
            }
        }
        endTurn(ctx);
        ctx.fireChannelReadComplete();
        ctx.channel().config().setAutoRead(!saidFarewell);
    }

    /** Codecs ask for more when auto-read is off. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (waiting.isEmpty()) {
            ctx.read();
        }
    }

    /** A read nearly always ends within a frame. By default the codec would copy the whole next read behind what is left. */
    private void gatherWithoutCopy(ChannelHandlerContext ctx) {
        Http2ConnectionHandler codec = ctx.pipeline().get(Http2ConnectionHandler.class);
        if (codec != null) {
            codec.setCumulator(Http2Guard::gather);
            gathersWithoutCopy = true;
        }
    }

    /** Short reads are copied all the same: strung together, a frame that comes byte by byte would keep a buffer for each. */
    static ByteBuf gather(ByteBufAllocator allocator, ByteBuf gathered, ByteBuf read) {
        ByteToMessageDecoder.Cumulator way = read.readableBytes() < GATHERED_BYTES_MIN
                ? ByteToMessageDecoder.MERGE_CUMULATOR
                : ByteToMessageDecoder.COMPOSITE_CUMULATOR;
        return way.cumulate(allocator, gathered, read);
    }

    private static boolean precedes(ChannelHandlerContext ctx, ChannelHandlerContext tls) {
        for (String name : ctx.pipeline().names()) {
            if (name.equals(ctx.name()) || name.equals(tls.name())) {
                return name.equals(ctx.name());
            }
        }
        return false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (owes) {
            time(ctx);
        }
        endTurn(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        endTimer();
        if (awaited != null) {
            probation.forget(awaited);
        }
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    /** A task that stays would keep all of a closed connection in memory until it fires. */
    private void endTimer() {
        Future<?> planned = timer;
        if (planned != null) {
            planned.cancel(false);
            timer = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        owes = false;
        endTimer();
        chargeUnended(ctx);
        ctx.fireChannelInactive();
    }

    /** Who goes before it is thrown out, and comes again, is no better than who stays. */
    private void chargeUnended(ChannelHandlerContext ctx) {
        renewed(); // the pings of a day are no flood
        int overhead = OVERHEAD_FRAMES_MAX - allowed;
        int percent = Math.max(
                Math.max(100 * faults / FAULTS_MAX, 100 * resets / RESETS_MAX), 100 * overhead / OVERHEAD_FRAMES_MAX);
        if (!ending && percent >= CHARGED_PERCENT_MIN) {
            offenders.charge(ctx.channel().remoteAddress(), Math.min(percent, Offenders.FLOOD));
        }
    }

    /**
     * Looks at the frames that begin in these bytes, up to where there is enough for the codec to do.
     *
     * @return how many bytes may be passed on; -1 when a frame is one too many
     */
    private int pieceLength(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int at = begin;
        int end = bytes.writerIndex();
        int weight = 0;
        while (true) {
            int passed = Math.min(skipped, end - at);
            skipped -= passed;
            at += passed;
            if (at == end || (weight >= PIECE_WEIGHT && headerBytes == 0)) {
                return at - begin;
            }
            if (headerBytes == 0 && end - at >= HEADER_LENGTH) {
                lengthHigh = bytes.getUnsignedByte(at);
                header = bytes.getLong(at + 1);
                at += HEADER_LENGTH;
            } else {
                int one = bytes.getUnsignedByte(at++);
                if (headerBytes == 0) {
                    lengthHigh = one;
                } else {
                    header = header << 8 | one;
                }
                if (++headerBytes < HEADER_LENGTH) {
                    continue;
                }
                headerBytes = 0;
            }
            if (!begins()) {
                return -1;
            }
            weight += type() == HEADERS ? HEADERS_WEIGHT : 1;
        }
    }

    private int type() {
        return (int) (header >>> TYPE_SHIFT) & 0xFF;
    }

    private boolean begins() {
        int length = lengthHigh << 16 | (int) (header >>> LENGTH_SHIFT);
        int type = type();
        int flags = (int) (header >>> FLAGS_SHIFT) & 0xFF;
        skipped = length;
        if (type == HEADERS) {
            owes = (flags & END_HEADERS) == 0;
            int stream = (int) header & Integer.MAX_VALUE;
            if (stream > lastStream) { // otherwise trailers
                probation.begins();
                lastStream = stream;
            }
            if ((flags & END_STREAM) != 0) {
                probation.ends();
            }
            allowed = Math.min(allowed + OVERHEAD_FRAMES_PER_REQUEST, OVERHEAD_FRAMES_MAX);
            return true;
        }
        if (type == RST_STREAM) {
            resets++;
            probation.resets();
        } else if (type == DATA && (flags & END_STREAM) != 0) {
            probation.ends();
        }
        owes &= type == CONTINUATION && (flags & END_HEADERS) == 0;
        if (type == DATA && (length >= SMALL_DATA_BYTES || (flags & END_STREAM) != 0)) {
            return true;
        }
        return --allowed >= 0 || renewed();
    }

    private boolean renewed() {
        long nowNanos = nanoTime.getAsLong();
        if (nowNanos - periodBeganNanos < PERIOD_NANOS) {
            return false;
        }
        periodBeganNanos = nowNanos;
        allowed = OVERHEAD_FRAMES_MAX;
        faults = 0;
        resets = 0;
        return true;
    }

    /**
     * Counts the resets that the codec answers mistakes with. The client makes them cheaply, each ends a request that has begun,
     * and codecs that count them do not see all ("MadeYouReset", CVE-2025-8671).
     */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean fault = message instanceof ByteBuf bytes && isFault(bytes);
        if (message instanceof ByteBuf bytes && isCalmingGoAway(bytes)) {
            offenders.charge(ctx.channel().remoteAddress(), Offenders.FLOOD);
            ending = true; // the codec closes; what has arrived is not for it any more
        }
        var unused = ctx.write(message, promise);
        if (fault && ++faults > FAULTS_MAX && !renewed() && !ending) {
            end(ctx);
        }
    }

    /** A reset is written as one buffer; that of a stream which was answered early has no error. */
    private static boolean isFault(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() != RESET_FRAME_LENGTH || bytes.getInt(at) != RESET_LENGTH_AND_TYPE) {
            return false;
        }
        return bytes.getInt(at + HEADER_LENGTH) != NO_ERROR;
    }

    /** The codec ends the connection for a flood that it has counted itself; the text behind it is another buffer. */
    private static boolean isCalmingGoAway(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() >= HEADER_LENGTH + GOAWAY_LENGTH
                && bytes.getByte(at + TYPE_OFFSET) == GOAWAY
                && bytes.getInt(at) >>> Byte.SIZE >= GOAWAY_LENGTH
                && bytes.getInt(at + HEADER_LENGTH + LAST_STREAM_LENGTH) == ENHANCE_YOUR_CALM;
    }

    private void time(ChannelHandlerContext ctx) {
        if (timer == null && owedNanos > 0) {
            timer = ctx.executor()
                    .schedule(
                            () -> {
                                timer = null;
                                if (owes && !ctx.isRemoved()) {
                                    if (waiting.isEmpty()) {
                                        ctx.close();
                                    } else {
                                        time(ctx); // we owe it a turn
                                    }
                                }
                            },
                            owedNanos,
                            TimeUnit.NANOSECONDS);
        }
    }

    /** Between two frames of the handlers above, so that this one may be put in. */
    private void end(ChannelHandlerContext ctx) {
        ending = true;
        offenders.charge(ctx.channel().remoteAddress(), Offenders.FLOOD);
        saidFarewell = true;
        ctx.channel().config().setAutoRead(false);
        // A close with unread bytes is a reset, which overtakes what was written: give it time to arrive.
        ctx.executor().schedule(() -> ctx.close(), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        ByteBuf goAway = Unpooled.buffer(HEADER_LENGTH + GOAWAY_LENGTH); // a flood may have filled direct memory
        goAway.writeMedium(GOAWAY_LENGTH)
                .writeByte(GOAWAY)
                .writeByte(0)
                .writeInt(0)
                .writeInt(lastStream)
                .writeInt(ENHANCE_YOUR_CALM);
        ctx.writeAndFlush(goAway);
    }
}
