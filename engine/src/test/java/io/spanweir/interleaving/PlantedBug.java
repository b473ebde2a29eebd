package io.spanweir.interleaving;

import java.util.function.Consumer;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Bugs that could be where threads meet, each a change of one method, and the test that has to find it. */
enum PlantedBug {
    /** The entry is published, then written: a lane sees what was in its place before. */
    PUBLISHED_BEFORE_WRITTEN(
            "lane.Ring",
            "command",
            atCall("entry", PlantedBug::publish, true),
            "lane.RingLincheckTest#anEntryThatIsSeenIsWritten"),
    /** The cursor is where publishers have claimed to, not where they have published to. */
    CURSOR_TAKEN_FOR_PUBLISHED(
            "lane.Ring",
            "isAvailable",
            atCall("isAvailable", PlantedBug::cursorIsThere, false),
            "lane.RingLincheckTest#everyCommandThatWasTakenRunsOnceAndInTheOrderOfItsPublisher"),
    /** A publisher may write the entry while the lane still reads it. */
    SLOT_REUSED_TOO_EARLY(
            "lane.Lane",
            "pollEntries",
            atCall("process", PlantedBug::pass, true),
            "lane.RingLincheckTest#anEntryIsNotWrittenAgainWhileALaneReadsIt"),
    /** Publishers overwrite what no lane has passed. */
    LANES_DO_NOT_HOLD_BACK_PUBLISHERS(
            "lane.Ring",
            "<init>",
            atCall("addGatingSequences", code -> code.visitInsn(Opcodes.POP2), false),
            "lane.RingLincheckTest#everyCommandThatWasTakenRunsOnceAndInTheOrderOfItsPublisher"),
    /** The lane does not look again after it said that it sleeps. */
    WAKE_LOST(
            "lane.Lane",
            "maySleep",
            atCall(
                    "hasEntries",
                    code -> {
                        code.visitInsn(Opcodes.POP);
                        code.visitInsn(Opcodes.ICONST_0);
                    },
                    false),
            "lane.LaneWakeLincheckTest#aLaneThatSleepsOverAnEntryWasWokenByItsPublisher"),
    /** In between a request takes two slots. */
    WAITING_AND_UNDER_WAY_COUNTED_APART(
            "export.ExportQueue",
            "hasFreeSlot",
            instead(PlantedBug::sumOfBoth),
            "export.ExportQueueLincheckTest#aRequestThatGoesUnderWayTakesOneSlotAllTheTime");

    /** Changes the code of a method that is written to the visitor. */
    interface Edit {
        MethodVisitor in(MethodVisitor code, Runnable hit);
    }

    private static final String OURS = "io/spanweir/";
    private static final String RING_BUFFER = "com/lmax/disruptor/RingBuffer";

    final String className;
    final String method;
    final Edit edit;
    final String test;

    PlantedBug(String className, String method, Edit edit, String test) {
        this.className = "io.spanweir." + className;
        this.method = method;
        this.edit = edit;
        this.test = "io.spanweir." + test;
    }

    /** @param before the call is made as well, afterwards */
    private static Edit atCall(String called, Consumer<MethodVisitor> added, boolean before) {
        return (code, hit) -> new MethodVisitor(Opcodes.ASM9, code) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
                boolean here = name.equals(called);
                if (here) {
                    hit.run();
                    added.accept(mv);
                }
                if (!here || before) {
                    super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
                }
            }
        };
    }

    private static Edit instead(Consumer<MethodVisitor> body) {
        return (code, hit) -> {
            hit.run();
            code.visitCode();
            body.accept(code);
            code.visitMaxs(0, 0);
            code.visitEnd();
            return new MethodVisitor(Opcodes.ASM9) {};
        };
    }

    private static void publish(MethodVisitor code) {
        buffer(code);
        code.visitVarInsn(Opcodes.LLOAD, 2);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, RING_BUFFER, "publish", "(J)V", false);
    }

    private static void buffer(MethodVisitor code) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, OURS + "lane/Ring", "buffer", "L" + RING_BUFFER + ";");
    }

    /** {@code cursor >= sequence} without a branch: 1 but for the sign of the comparison. */
    private static void cursorIsThere(MethodVisitor code) {
        code.visitInsn(Opcodes.POP2); // the sequence
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, RING_BUFFER, "getCursor", "()J", false);
        code.visitVarInsn(Opcodes.LLOAD, 1);
        code.visitInsn(Opcodes.LCMP);
        code.visitIntInsn(Opcodes.BIPUSH, Integer.SIZE - 1);
        code.visitInsn(Opcodes.IUSHR);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitInsn(Opcodes.IXOR);
    }

    private static void pass(MethodVisitor code) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, OURS + "lane/Lane", "sequence", "Lcom/lmax/disruptor/Sequence;");
        code.visitVarInsn(Opcodes.LLOAD, 1);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "com/lmax/disruptor/Sequence", "set", "(J)V", false);
    }

    /** {@code inFlight + queuedSize < numConsumers}: the sign of the difference. */
    private static void sumOfBoth(MethodVisitor code) {
        String queue = OURS + "export/ExportQueue";
        String config = OURS + "component/SendingQueueConfig";
        String integer = "java/util/concurrent/atomic/AtomicInteger";
        String number = "java/util/concurrent/atomic/AtomicLong";
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, queue, "inFlight", "L" + integer + ";");
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, integer, "get", "()I", false);
        code.visitInsn(Opcodes.I2L);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, queue, "queuedSize", "L" + number + ";");
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, number, "get", "()J", false);
        code.visitInsn(Opcodes.LADD);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitFieldInsn(Opcodes.GETFIELD, queue, "config", "L" + config + ";");
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, config, "numConsumers", "()I", false);
        code.visitInsn(Opcodes.I2L);
        code.visitInsn(Opcodes.LSUB);
        code.visitIntInsn(Opcodes.BIPUSH, Long.SIZE - 1);
        code.visitInsn(Opcodes.LUSHR);
        code.visitInsn(Opcodes.L2I);
        code.visitInsn(Opcodes.IRETURN);
    }
}
