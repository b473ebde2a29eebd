package io.spanweir.perf.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The figures for machines: the setting, medians, and every round; units are in the names. */
final class JsonReport {
    private final JsonGenerator json;
    private final List<Measurement> medians;

    private JsonReport(JsonGenerator json, List<Measurement> medians) {
        this.json = json;
        this.medians = medians;
    }

    static String text(Report report) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            new JsonReport(json, report.medians()).write(report);
        }
        return text.append('\n').toString();
    }

    private void write(Report report) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("setting");
        for (Map.Entry<String, String> entry : report.setting().entrySet()) {
            json.writeStringField(entry.getKey().replace(' ', '_'), entry.getValue());
        }
        json.writeEndObject();
        writeAll("medians", medians);
        writeAll("rounds", report.rounds());
        json.writeEndObject();
    }

    private void writeAll(String name, List<Measurement> measurements) throws IOException {
        json.writeArrayFieldStart(name);
        for (Measurement one : measurements) {
            write(one);
        }
        json.writeEndArray();
    }

    private void write(Measurement one) throws IOException {
        json.writeStartObject();
        json.writeStringField("case", one.what().id());
        json.writeStringField("engine", one.engine().id());
        json.writeNumberField("spans_per_request", one.spansPerRequest());
        if (one.round() > 0) {
            json.writeNumberField("round", one.round());
        } else {
            ratio("cpu_by_spanweir", Report.cpuRatio(one, medians));
            ratio("resident_max_by_spanweir", Report.memoryRatio(one, medians));
        }
        if (!one.problem().isEmpty()) {
            json.writeStringField("problem", one.problem());
        }
        if (!one.lastRefusal().isEmpty()) {
            json.writeStringField("last_refusal", one.lastRefusal());
        }
        if (one.warm() != null) {
            number("start_ms", one.startMillis());
            number("idle_resident_bytes", one.idleBytes());
            number("accepted_spans", one.acceptedSpans());
            number("sink_spans", one.sinkSpans());
            number("sink_bytes", one.sinkBytes());
            number("message_bytes_per_span", one.bytesPerSpan());
            json.writeBooleanField("lost_spans", one.lossy());
        }
        write("fresh", one, one.first());
        write("warm", one, one.warm());
        json.writeEndObject();
    }

    private void write(String name, Measurement one, @Nullable Phase phase) throws IOException {
        if (phase == null) {
            return;
        }
        json.writeObjectFieldStart(name);
        number("seconds", phase.seconds());
        number("cpu_us_per_span", phase.cpuNanosPerSpan() / 1e3);
        number("engine_core", phase.engineCore());
        number("spans_per_second", phase.spansPerSecond());
        number("latency_p50_ms", phase.latencyP50Nanos() / 1e6);
        number("latency_p99_ms", phase.latencyP99Nanos() / 1e6);
        number("latency_p99_9_ms", phase.latencyP999Nanos() / 1e6);
        number("latency_max_ms", phase.latencyMaxNanos() / 1e6);
        number("refused_requests", phase.refusedRequests());
        number("unsent_requests", phase.unsentRequests());
        number("resident_bytes", phase.residentBytes());
        number("resident_bytes_max", phase.residentBytesMax());
        if (one.waitingBytes(phase) > 0) {
            number("waiting_bytes", one.waitingBytes(phase));
        }
        number("load_cpu_us_per_span", phase.generatorNanosPerSpan() / 1e3);
        number("sink_cpu_us_per_span", phase.sinkNanosPerSpan() / 1e3);
        number("load_core_busy", phase.loadCoreBusy());
        json.writeBooleanField("load_bound", phase.loadBound());
        json.writeObjectFieldStart("cpu_us_per_span_by_thread");
        for (Map.Entry<String, Double> thread : new TreeMap<>(phase.cpuNanosPerSpanByThread()).entrySet()) {
            number(thread.getKey(), thread.getValue() / 1e3);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void ratio(String name, Optional<Double> ratio) throws IOException {
        if (ratio.isPresent()) {
            number(name, ratio.get());
        }
    }

    /** Six significant digits are more than any of these has. */
    private void number(String name, double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            json.writeNumberField(name, (long) value);
        } else {
            json.writeFieldName(name);
            json.writeNumber(new java.math.BigDecimal(value)
                    .round(new java.math.MathContext(6))
                    .stripTrailingZeros()
                    .toPlainString());
        }
    }
}
