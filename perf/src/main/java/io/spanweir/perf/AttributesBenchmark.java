package io.spanweir.perf;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.SplicedRun;
import io.spanweir.perf.load.Requests;
import io.spanweir.processor.attributes.AttributesProcessorFactory;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.lang.reflect.Proxy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The attributes processor over requests of 200 spans, of which most have what is edited; an operation is a span. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class AttributesBenchmark {
    private static final int SPANS = 200;
    private static final int PARTS = 16;

    /** What the processor is configured to do. */
    public enum Edit {
        /** The usual two actions, which are one edit. */
        RENAME(
                "[{key: peer.host, from_attribute: server.address, action: upsert}, {key: server.address, action: delete}]"),
        INSERT("[{key: deployment.ring, value: blue, action: insert}]"),
        DELETE("[{key: server.address, action: delete}]"),
        /** Nothing has it: what asking costs. */
        DELETE_ABSENT("[{key: enduser.id, action: delete}]"),
        HASH("[{key: server.address, action: hash}]");

        private final String actions;

        Edit(String actions) {
            this.actions = actions;
        }

        ProcessorConfig config() {
            Problems problems = new Problems();
            ConfigNode yaml = ConfigNode.parse("benchmark", "actions: " + actions, problems);
            ProcessorConfig config = yaml.decode(new AttributesProcessorFactory()::decode);
            if (problems.hasErrors()) {
                throw new IllegalStateException(problems.toString());
            }
            return config;
        }
    }

    @Param
    Edit edit;

    private final ItemCursor cursor = new ItemCursor();
    private final byte[] target = new byte[1 << 20];
    private BatchPart[] parts;
    private Processor editing;
    private Processor editingAndWriting;
    private int next;
    private long written;

    @Setup
    public void start() {
        Requests requests = new Requests(SPANS, 7);
        parts = new BatchPart[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = part(requests.next());
        }
        editing = edit.config().build(context(part -> written += part.items().editedCount()));
        editingAndWriting = edit.config().build(context(this::write));
    }

    /** Into the overlay only. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long edit() {
        return run(editing);
    }

    /** With the splice that writes all runs of the request. */
    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long editAndWrite() {
        return run(editingAndWriting);
    }

    private long run(Processor processor) {
        BatchPart part = parts[next++ & PARTS - 1];
        part.clearEdits();
        processor.accept(part);
        return written;
    }

    private void write(BatchPart part) {
        int element = 0;
        int at = 0;
        for (int run = 0; run < part.runCount(); run++) {
            int length = SplicedRun.length(part, run, element, cursor);
            SplicedRun.write(part, run, element, cursor, target, at);
            at += length;
            element += part.runElementCount(run);
        }
        written += at;
    }

    /** Knows only what stands behind the processor. */
    private static ProcessorContext context(PartConsumer next) {
        return (ProcessorContext) Proxy.newProxyInstance(
                AttributesBenchmark.class.getClassLoader(),
                new Class<?>[] {ProcessorContext.class},
                (proxy, method, arguments) -> method.getName().equals("next") ? next : null);
    }

    private static BatchPart part(byte[] request) {
        byte[] bytes = request.clone();
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        if (scanner.scan(Signal.TRACES, bytes, 0, bytes.length) != SPANS) {
            throw new IllegalStateException(scanner.problem());
        }
        OtlpIndex index = scanner.index();
        BatchPart part = new BatchPart();
        part.clear(Signal.TRACES);
        for (int group = 0; group < index.groupCount(); group++) {
            part.addGroup(
                    bytes,
                    index.resourcePrefixOffset(group),
                    index.resourcePrefixLength(group),
                    index.resourceSuffixOffset(group),
                    index.resourceSuffixLength(group),
                    index.scopePrefixOffset(group),
                    index.scopePrefixLength(group),
                    index.scopeSuffixOffset(group),
                    index.scopeSuffixLength(group));
        }
        for (int run = 0; run < index.runCount(); run++) {
            part.addRun(
                    index.runGroup(run),
                    bytes,
                    index.runOffset(run),
                    index.runLength(run),
                    index.runItemCount(run),
                    index.runElementCount(run),
                    index.runTraceIdOffset(run));
        }
        return part;
    }
}
