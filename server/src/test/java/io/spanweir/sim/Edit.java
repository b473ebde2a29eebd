package io.spanweir.sim;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A change of one method's code. Calls are named, not counted in offsets, so that an edit survives other changes of the method;
 * one that finds nothing to change is an error of the test. No edit adds a branch, so frames stay as they are.
 */
interface Edit {
    int API = Opcodes.ASM9;
    /** Above all locals of a method that is edited. */
    int SCRATCH = 200;

    /** @param hit told how many places were changed */
    MethodVisitor in(MethodVisitor code, IntConsumer hit);

    /** What is done where a call stands. */
    interface AtCall {
        void emit(MethodVisitor code, Call call);
    }

    /** A call as it stands in the class file. */
    record Call(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        void make(MethodVisitor code) {
            code.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
        }

        void popArguments(MethodVisitor code) {
            Type[] types = Type.getArgumentTypes(descriptor);
            for (int i = types.length - 1; i >= 0; i--) {
                pop(code, types[i]);
            }
            if (opcode != Opcodes.INVOKESTATIC) {
                code.visitInsn(Opcodes.POP);
            }
        }

        Type result() {
            return Type.getReturnType(descriptor);
        }
    }

    /** Every call of the method of that class (its simple name) is treated so. */
    static Edit calls(String ownerName, String name, AtCall action) {
        return calls(ownerName, name, -1, action);
    }

    /** The n-th of these calls, from 0, is treated so. */
    static Edit calls(String ownerName, String name, int only, AtCall action) {
        return (code, hit) -> new MethodVisitor(API, code) {
            private int seen;

            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String descriptor, boolean itf) {
                Call call = new Call(opcode, owner, called, descriptor, itf);
                boolean same = called.equals(name) && owner.endsWith("/" + ownerName);
                if (same && (only < 0 || seen++ == only)) {
                    hit.accept(1);
                    action.emit(mv, call);
                } else {
                    call.make(mv);
                }
            }
        };
    }

    /** The call is left out; its result is 0, false or null. */
    static AtCall leftOut() {
        return (code, call) -> {
            call.popArguments(code);
            zero(code, call.result());
        };
    }

    /** The call is left out; its result is that number. */
    static AtCall answers(int value) {
        return (code, call) -> {
            call.popArguments(code);
            push(code, value);
        };
    }

    /** The call is left out; its result is a constant of a class. */
    static AtCall answers(String owner, String field) {
        return (code, call) -> {
            call.popArguments(code);
            code.visitFieldInsn(Opcodes.GETSTATIC, owner, field, call.result().getDescriptor());
        };
    }

    /** The opposite of what the call answers. */
    static AtCall negated() {
        return (code, call) -> {
            call.make(code);
            code.visitInsn(Opcodes.ICONST_1);
            code.visitInsn(Opcodes.IXOR);
        };
    }

    /** So much more than what the call answers. */
    static AtCall more(int by) {
        return (code, call) -> {
            call.make(code);
            push(code, by);
            code.visitInsn(Opcodes.IADD);
        };
    }

    /** The call's last argument, an int, is so much more. */
    static AtCall lastArgumentMore(int by) {
        return (code, call) -> {
            push(code, by);
            code.visitInsn(Opcodes.IADD);
            call.make(code);
        };
    }

    /** The call is made twice with the same arguments; the second result counts. */
    static AtCall twice() {
        return (code, call) -> {
            Type[] types = Type.getArgumentTypes(call.descriptor());
            for (int i = types.length - 1; i >= 0; i--) {
                code.visitVarInsn(types[i].getOpcode(Opcodes.ISTORE), SCRATCH + 2 * i);
            }
            int target = SCRATCH + 2 * types.length;
            code.visitVarInsn(Opcodes.ASTORE, target);
            for (int time = 0; time < 2; time++) {
                code.visitVarInsn(Opcodes.ALOAD, target);
                for (int i = 0; i < types.length; i++) {
                    code.visitVarInsn(types[i].getOpcode(Opcodes.ILOAD), SCRATCH + 2 * i);
                }
                call.make(code);
                if (time == 0) {
                    pop(code, call.result());
                }
            }
        };
    }

    /** The n-th jump of that kind is of another kind. */
    static Edit jump(int from, int to, int only) {
        return (code, hit) -> new MethodVisitor(API, code) {
            private int seen;

            @Override
            public void visitJumpInsn(int opcode, net.bytebuddy.jar.asm.Label label) {
                boolean same = opcode == from && seen++ == only;
                if (same) {
                    hit.accept(1);
                }
                super.visitJumpInsn(same ? to : opcode, label);
            }
        };
    }

    /** The n-th instruction without operands of that kind is another. */
    static Edit instruction(int from, Consumer<MethodVisitor> to, int only) {
        return (code, hit) -> new MethodVisitor(API, code) {
            private int seen;

            @Override
            public void visitInsn(int opcode) {
                if (opcode == from && seen++ == only) {
                    hit.accept(1);
                    to.accept(mv);
                } else {
                    super.visitInsn(opcode);
                }
            }
        };
    }

    /** Something is done before the method's own code. */
    static Edit before(Consumer<MethodVisitor> first) {
        return (code, hit) -> new MethodVisitor(API, code) {
            @Override
            public void visitCode() {
                super.visitCode();
                hit.accept(1);
                first.accept(mv);
            }
        };
    }

    /** The method does this and nothing else; what is given must return. */
    static Edit only(Consumer<MethodVisitor> all) {
        return (code, hit) -> new MethodVisitor(API) {
            @Override
            public void visitCode() {
                hit.accept(1);
                code.visitCode();
                all.accept(code);
            }

            @Override
            public void visitMaxs(int stack, int locals) {
                code.visitMaxs(stack, locals);
            }

            @Override
            public void visitEnd() {
                code.visitEnd();
            }
        };
    }

    private static void pop(MethodVisitor code, Type type) {
        if (type.getSize() > 0) {
            code.visitInsn(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
        }
    }

    private static void push(MethodVisitor code, int value) {
        code.visitLdcInsn(value);
    }

    private static void zero(MethodVisitor code, Type type) {
        switch (type.getSort()) {
            case Type.VOID -> {}
            case Type.LONG -> code.visitInsn(Opcodes.LCONST_0);
            case Type.DOUBLE -> code.visitInsn(Opcodes.DCONST_0);
            case Type.OBJECT, Type.ARRAY -> code.visitInsn(Opcodes.ACONST_NULL);
            default -> code.visitInsn(Opcodes.ICONST_0);
        }
    }
}
