package io.spanweir.sim;

import static io.spanweir.sim.Edit.answers;
import static io.spanweir.sim.Edit.calls;
import static io.spanweir.sim.Edit.lastArgumentMore;
import static io.spanweir.sim.Edit.leftOut;
import static io.spanweir.sim.Edit.more;
import static io.spanweir.sim.Edit.negated;
import static io.spanweir.sim.Edit.twice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Bugs that could be in the engine, each a change of one method, made while its class is loaded: {@link BugLoader}. The
 * simulation has to find every one.
 */
enum PlantedBug {
    /** The first lane that passes a message frees it for all. */
    MESSAGE_FREED_EARLY("lane.RingIntake", "publishScanned", calls("TransitRegion", "retain", leftOut())),
    LETS_IN_WHAT_CANNOT_BE_HELD("lane.RingIntake", "obstacle", calls("RingIntake", "heldHasRoom", answers(1))),
    MESSAGE_NEVER_FREED("lane.Lane", "processBatch", calls("TransitRegion", "release", 0, leftOut())),
    MESSAGE_FREED_TWICE("lane.Lane", "processBatch", calls("TransitRegion", "release", 0, twice())),
    SEGMENT_REUSED_WHILE_READ(
            "memory.TransitAppender", "segmentWithRoom", calls("TransitSegment", "heldOnce", answers(1))),
    REFUSED_MESSAGE_NEVER_FREED(
            "lane.RingIntake", "abandonUnpublished", calls("TransitAppender", "abandon", leftOut())),
    SEGMENT_CHARGED_TWICE("memory.SegmentPool", "take", calls("Budget", "tryTake", twice())),
    RESOURCE_FREED_EARLY("memory.HeldMemory", "reserve", calls("HeldGroups", "retain", leftOut())),
    RESOURCE_NEVER_FREED("memory.HeldMemory", "release", calls("HeldMemory", "releaseGroup", leftOut())),
    HELD_RECORD_FREED_EARLY(
            "processor.tailsampling.TailSamplingProcessor", "takeLate", calls("LateSpans", "add", leftOut())),
    MOVED_RECORD_FORGOTTEN("memory.HeldMemory", "relink", calls("Relocation", "moved", leftOut())),
    REQUEST_NEVER_FREED("export.ExportQueue", "succeed", calls("QueuedRequest", "release", leftOut())),
    /** Its bytes are free, and used by others, while it waits for its retry. */
    REQUEST_FREED_BEFORE_RETRY("export.ExportQueue", "resume", Edit.before(code -> {
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(
                Opcodes.GETFIELD, "io/spanweir/export/ExportQueue", "memory", "Lio/spanweir/export/ExportMemory;");
        code.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL,
                "io/spanweir/export/QueuedRequest",
                "release",
                "(Lio/spanweir/export/ExportMemory;)V",
                false);
    })),
    RING_ENTRY_CLEARED_BY_FIRST_LANE("lane.RingEntry", "batch", calls("Long", "bitCount", answers(1))),
    /** When two entries are there at once, the second one is passed over. */
    RING_ENTRY_SKIPPED(
            "lane.Lane", "pollEntries", Edit.instruction(Opcodes.LCONST_1, code -> code.visitLdcInsn(2L), 2)),
    DEADLINE_TIMER_LOST(
            "processor.tailsampling.TailSamplingProcessor", "schedule", calls("Timers", "schedule", leftOut())),
    /** Entries in every turn move the deadline before themselves. */
    DEADLINE_TIMER_MOVED_ON(
            "processor.tailsampling.TailSamplingProcessor",
            "schedule",
            calls("TailSamplingProcessor", "schedule", (code, call) -> {
                code.visitInsn(Opcodes.POP2);
                code.visitVarInsn(Opcodes.LLOAD, 1);
                code.visitInsn(Opcodes.LCONST_1);
                code.visitInsn(Opcodes.LADD);
                call.make(code);
            })),
    BATCH_TIMER_LOST("export.ExportSink", "accept", calls("Timers", "schedule", leftOut())),
    WAKE_UP_LOST("export.ExportSink", "slotFreed", calls("Runnable", "run", leftOut())),
    /** The ring is full, the sender is told that its data is taken. */
    ACKNOWLEDGED_BEFORE_APPEND(
            "lane.RingIntake",
            "publishScanned",
            calls("RingIntake", "refuse", answers("io/spanweir/component/Intake$Admission", "ACCEPTED"))),
    ACKNOWLEDGED_BEFORE_ANSWER("export.ExportQueue", "drain", calls("SendingQueueConfig", "waitForResult", answers(0))),
    NEVER_ACKNOWLEDGED("export.ExportQueue", "succeed", calls("QueuedRequest", "settle", leftOut())),
    ACKNOWLEDGED_TWICE("lane.Lane", "process", calls("Settlement", "settle", twice())),
    DECIDED_ON_HALF_A_TRACE(
            "processor.tailsampling.TraceStore",
            "<init>",
            calls("TailSamplingConfig", "decisionWait", answers("java/time/Duration", "ZERO"))),
    LAST_RUN_OF_PART_FORGOTTEN(
            "processor.tailsampling.TailSamplingProcessor", "accept", calls("BatchPart", "runCount", more(-1))),
    SPANS_NOT_OBSERVED(
            "processor.tailsampling.TailSamplingProcessor", "observe", calls("SpanObserver", "end", leftOut())),
    TRACE_ON_SEVERAL_LANES("lane.RingIntake", "publishScanned", calls("Entrance", "traceAffinity", answers(0))),
    LATE_SPAN_DECIDED_ANEW(
            "processor.tailsampling.TailSamplingProcessor", "tryTake", calls("DecisionCache", "find", 0, answers(-1))),
    DROPPED_TRACE_FORGOTTEN(
            "processor.tailsampling.TailSamplingProcessor", "decide", calls("TraceStore", "remember", leftOut())),
    SAMPLED_TRACE_NEVER_LEAVES(
            "processor.tailsampling.TailSamplingProcessor", "decide", calls("TraceStore", "toOutbox", leftOut())),
    ONE_TRACE_MORE_THAN_ALLOWED(
            "processor.tailsampling.TailSamplingProcessor",
            "begin",
            Edit.jump(Opcodes.IF_ICMPLT, Opcodes.IF_ICMPLE, 0)),
    HELD_TRACE_DROPPED_UNCOUNTED(
            "processor.tailsampling.TailSamplingProcessor",
            "abandon",
            calls("TailSamplingCounters", "finished", leftOut())),
    RATE_NEVER_SPENT("sampling.TokenBucket", "takeRefilled", calls("AtomicLong", "compareAndSet", answers(1))),
    RETRY_NEVER_SENT("export.ExportQueue", "resume", calls("ExportQueue", "attempt", leftOut())),
    EXHAUSTED_RETRY_UNCOUNTED("export.ExportQueue", "retryLater", calls("ExportQueue", "lose", leftOut())),
    RETRY_TOO_EARLY("export.ExportQueue", "retryLater", calls("SendOutcome", "retryDelayNanos", leftOut())),
    SLOT_NEVER_FREED("export.ExportQueue", "finish", calls("ExportQueue", "freeSlot", 1, leftOut())),
    ONE_REQUEST_TOO_MANY_UNDER_WAY("export.ExportQueue", "drain", Edit.jump(Opcodes.IF_ICMPGE, Opcodes.IF_ICMPGT, 0)),
    FULL_QUEUE_TAKES_MORE("lane.Entrance", "full", Edit.only(code -> {
        code.visitInsn(Opcodes.ACONST_NULL);
        code.visitInsn(Opcodes.ARETURN);
    })),
    QUEUE_ONE_TOO_LONG("export.ExportQueue", "full", Edit.jump(Opcodes.IFLT, Opcodes.IFLE, 0)),
    ANSWER_COUNTS_TWICE("export.ExportQueue$Answer", "done", calls("ExportQueue$Answer", "compareAndSet", answers(1))),
    REJECTED_SPANS_COUNTED_AS_SENT("export.ExportQueue", "succeed", calls("SendOutcome", "rejectedItems", leftOut())),
    GIVEN_UP_UNCOUNTED("export.ExportQueue", "lambda$giveUp", calls("ExportQueue", "count", leftOut())),
    ACCEPTED_SPANS_UNCOUNTED("lane.RingIntake", "publishScanned", calls("SharedCounter", "add", leftOut())),
    EDITS_SHARED_BY_BRANCHES("graph.CleanCopy", "accept", Edit.only(code -> {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, "io/spanweir/graph/CleanCopy", "next", "Lio/spanweir/data/PartConsumer;");
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitMethodInsn(
                Opcodes.INVOKEINTERFACE,
                "io/spanweir/data/PartConsumer",
                "accept",
                "(Lio/spanweir/data/BatchPart;)V",
                true);
        code.visitInsn(Opcodes.RETURN);
    })),
    EDITS_SHARED_BY_PIPELINES("graph.LaneBuilder$Unedited", "accept", calls("BatchPart", "clearEdits", leftOut())),
    EDIT_OF_NEIGHBOURING_SPAN("export.RequestWriter", "appendItems", calls("Overlay", "edited", lastArgumentMore(1))),
    FAILED_WRITE_REPORTED_AS_SENT(
            "exporter.file.FileExporter", "send", calls("SendOutcome", "retryable", (code, call) -> {
                call.popArguments(code);
                code.visitMethodInsn(
                        Opcodes.INVOKESTATIC, call.owner(), "sent", "()L" + call.owner() + ";", call.ofInterface());
            })),
    SHORT_WRITE_NOT_CONTINUED("storage.DiskFile", "appendAll", calls("DiskFile", "append", (code, call) -> {
        call.make(code);
        code.visitInsn(Opcodes.POP2);
        code.visitLdcInsn(Long.MAX_VALUE);
    })),
    TORN_RECORD_STAYS("exporter.file.RotatingFile", "repair", calls("DiskFile", "truncate", leftOut())),
    TORN_RECORD_STAYS_AT_THE_END("exporter.file.RotatingFile", "close", calls("RotatingFile", "usable", leftOut())),
    /** What was written last is cut off before the file is put away. */
    RECORDS_LOST_BY_ROTATION("exporter.file.RotatingFile", "rotate", calls("DiskFile", "close", (code, call) -> {
        code.visitInsn(Opcodes.LCONST_0);
        code.visitMethodInsn(Opcodes.INVOKEINTERFACE, call.owner(), "truncate", "(J)V", true);
    })),
    FILE_NEVER_PUT_AWAY("exporter.file.RotatingFile", "rotate", calls("Disk", "rename", leftOut())),
    NEWEST_FILE_REMOVED("exporter.file.RotatingFile", "removeOld", calls("Comparator", "reversed", (code, call) -> {})),
    REFUSES_FOR_EVER("memory.Pressure", "advance", calls("Pressure", "anyAboveLowWater", negated()));

    private final String className;
    private final String method;
    private final Edit edit;

    PlantedBug(String className, String method, Edit edit) {
        this.className = "io.spanweir." + className;
        this.method = method;
        this.edit = edit;
    }

    String className() {
        return className;
    }

    /** The name on a command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is none of that name */
    static PlantedBug of(String word) {
        List<String> words = new ArrayList<>();
        for (PlantedBug bug : values()) {
            if (bug.word().equals(word)) {
                return bug;
            }
            words.add(bug.word());
        }
        throw new IllegalArgumentException("no bug is called " + word + "; there are " + String.join(", ", words));
    }

    /** The class with the bug. @throws IllegalStateException when the place for it is not there any more */
    byte[] plant(byte[] classFile) {
        AtomicInteger hits = new AtomicInteger();
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Edit.API, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
                        boolean here = name.equals(method) || (method.startsWith("lambda$") && name.startsWith(method));
                        return here ? edit.in(code, hits::addAndGet) : code;
                    }
                },
                0);
        if (hits.get() == 0) {
            throw new IllegalStateException("planted bug " + word() + " finds no place in " + className + "." + method
                    + "; adapt PlantedBug to the code");
        }
        return writer.toByteArray();
    }
}
