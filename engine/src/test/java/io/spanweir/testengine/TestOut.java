package io.spanweir.testengine;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.ExportRequest;
import io.spanweir.wire.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * An exporter without a network: keeps what it is sent, and answers as the test says. Type {@code out}. Names of exporters are
 * kept with each request, so one factory serves several.
 */
public final class TestOut implements ExporterFactory {
    private final List<Sent> sent = new ArrayList<>();
    private final Deque<Runnable> heldAnswers = new ArrayDeque<>();
    private Function<Sent, SendOutcome> answer = request -> SendOutcome.sent();
    private boolean holding;

    /** One attempt as it arrived. */
    public record Sent(String exporter, Signal signal, int itemCount, byte[] message) {}

    @Override
    public String type() {
        return "out";
    }

    @Override
    public Stability stability() {
        return Stability.STABLE;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ExporterConfig decode(ConfigNode yaml) {
        SendingQueueConfig queue = yaml.record("sending_queue", SendingQueueConfig::decode);
        RetryConfig retry = yaml.record("retry_on_failure", RetryConfig::decode);
        return new ExporterConfig() {
            @Override
            public Exporter build(ExporterContext context) {
                return (request, callback) -> attempt(context.id().toString(), request, callback);
            }

            @Override
            public SendingQueueConfig sendingQueue() {
                return queue;
            }

            @Override
            public RetryConfig retryOnFailure() {
                return retry;
            }
        };
    }

    /** What the backend says to each attempt from now on. */
    public synchronized void answerWith(Function<Sent, SendOutcome> answer) {
        this.answer = answer;
    }

    /** Answers wait until {@link #answerHeld()}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Gives the answers that wait, and those to come at once. */
    public void answerHeld() {
        List<Runnable> answers;
        synchronized (this) {
            holding = false;
            answers = new ArrayList<>(heldAnswers);
            heldAnswers.clear();
        }
        answers.forEach(Runnable::run);
    }

    /** All attempts, failed ones too. */
    public synchronized List<Sent> attempts() {
        return new ArrayList<>(sent);
    }

    private void attempt(String exporter, ExportRequest request, Exporter.Callback callback) {
        Sent one = new Sent(exporter, request.signal(), request.itemCount(), request.toByteArray());
        SendOutcome outcome;
        synchronized (this) {
            sent.add(one);
            outcome = answer.apply(one);
            if (holding) {
                heldAnswers.add(() -> callback.done(outcome));
                return;
            }
        }
        callback.done(outcome);
    }
}
