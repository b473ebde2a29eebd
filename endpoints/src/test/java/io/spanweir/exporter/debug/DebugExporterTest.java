package io.spanweir.exporter.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.Golden;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ExporterHarness;
import io.spanweir.time.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DebugExporterTest {
    @TempDir
    Path directory;

    private static Message parsed(Message.Builder builder, String text) throws Exception {
        TextFormat.merge(text, builder);
        return builder.build();
    }

    private static Message traces() throws Exception {
        return parsed(ExportTraceServiceRequest.newBuilder(), """
                resource_spans {
                  schema_url: "https://opentelemetry.io/schemas/1.37.0"
                  resource {
                    attributes { key: "service.name" value { string_value: "orders" } }
                    attributes { key: "process.args" value { array_value {
                      values { string_value: "a\\"b" } values { int_value: 7 } values {} } } }
                  }
                  scope_spans {
                    scope { name: "net/http" version: "1.2" attributes { key: "s" value { bool_value: true } } }
                    spans {
                      trace_id: "\\x4b\\xf9\\x2f\\x35\\x77\\xb3\\x4d\\xa6\\xa3\\xce\\x92\\x9d\\x0e\\x0e\\x47\\x36"
                      span_id: "\\x00\\xf0\\x67\\xaa\\x0b\\xa9\\x02\\xb7"
                      trace_state: "ot=th:0"
                      name: "POST /orders" kind: SPAN_KIND_SERVER
                      start_time_unix_nano: 1581452772000000321 end_time_unix_nano: 1581452773000000000
                      attributes { key: "http.response.status_code" value { int_value: 500 } }
                      attributes { key: "ratio" value { double_value: 0.25 } }
                      attributes { key: "raw" value { bytes_value: "\\x01\\x02" } }
                      attributes { key: "nested" value { kvlist_value {
                        values { key: "k" value { double_value: 1e21 } } } } }
                      dropped_attributes_count: 1
                      events { time_unix_nano: 1581452773000000123 name: "exception" dropped_attributes_count: 2
                        attributes { key: "exception.type" value { string_value: "io" } } }
                      dropped_events_count: 3
                      links { trace_id: "\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\\x10"
                        span_id: "\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18" trace_state: "a=b"
                        attributes { key: "l" value { string_value: "v" } } }
                      dropped_links_count: 4
                      status { code: STATUS_CODE_ERROR message: "no stock" }
                    }
                    spans { name: "empty" }
                  }
                }
                """);
    }

    private static Message logs() throws Exception {
        return parsed(ExportLogsServiceRequest.newBuilder(), """
                resource_logs {
                  resource { attributes { key: "service.name" value { string_value: "orders" } } }
                  scope_logs {
                    scope { name: "slog" }
                    log_records {
                      time_unix_nano: 1581452773000000789 severity_number: SEVERITY_NUMBER_WARN2 severity_text: "WARN"
                      event_name: "order.failed"
                      body { kvlist_value { values { key: "msg" value { string_value: "two\\nlines" } } } }
                      attributes { key: "order" value { int_value: 42 } }
                      trace_id: "\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\x09\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\\x10"
                      span_id: "\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18" flags: 1
                    }
                    log_records { body { string_value: "plain" } }
                  }
                }
                """);
    }

    private static Message metrics() throws Exception {
        return parsed(ExportMetricsServiceRequest.newBuilder(), """
                resource_metrics {
                  resource { attributes { key: "service.name" value { string_value: "orders" } } }
                  scope_metrics {
                    metrics { name: "queue" description: "waiting" unit: "1" gauge { data_points {
                      attributes { key: "q" value { string_value: "a" } }
                      start_time_unix_nano: 1000000000 time_unix_nano: 2000000000 as_int: -3 } data_points { as_double: 1.5 } } }
                    metrics { name: "calls" sum { aggregation_temporality: AGGREGATION_TEMPORALITY_CUMULATIVE is_monotonic: true
                      data_points { as_int: 12
                        exemplars { time_unix_nano: 1 as_double: 15 span_id: "\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18"
                          filtered_attributes { key: "f" value { string_value: "v" } } } } } }
                    metrics { name: "latency" histogram { aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA
                      data_points { count: 3 sum: 4.5 min: 0.5 max: 2 explicit_bounds: [1, 2.5] bucket_counts: [1, 2, 0] } } }
                    metrics { name: "size" exponential_histogram { aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA
                      data_points { count: 5 sum: 0.15 scale: 1 zero_count: 1
                        positive { offset: 1 bucket_counts: [1, 1] } negative { offset: -1 bucket_counts: [1, 1] } } } }
                    metrics { name: "rpc" summary { data_points { count: 1 sum: 15
                      quantile_values { quantile: 0.99 value: 15 } } } }
                    metrics { name: "nothing" }
                  }
                }
                """);
    }

    static Stream<Arguments> texts() throws Exception {
        return Stream.of(
                argumentSet("traces, basic", "basic", "traces", traces()),
                argumentSet("traces, normal", "normal", "traces", traces()),
                argumentSet("traces, detailed", "detailed", "traces", traces()),
                argumentSet("logs, basic", "basic", "logs", logs()),
                argumentSet("logs, normal", "normal", "logs", logs()),
                argumentSet("logs, detailed", "detailed", "logs", logs()),
                argumentSet("metrics, basic", "basic", "metrics", metrics()),
                argumentSet("metrics, normal", "normal", "metrics", metrics()),
                argumentSet("metrics, detailed", "detailed", "metrics", metrics()));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theTextIsTheCollectors(String verbosity, String signal, Message message) throws Exception {
        Path output = directory.resolve("out.txt");
        try (ExporterHarness exporter = exporter(output, "verbosity: " + verbosity)) {
            assertThat(exporter.send(ExporterHarness.request(message, 100))).isEqualTo(SendOutcome.sent());
        }
        Golden.verify("golden/debug/" + signal + "-" + verbosity + ".txt", Files.readString(output));
    }

    private static ExporterHarness exporter(Path output, String options) throws Exception {
        return exporter(output, options, new ManualClock());
    }

    private static ExporterHarness exporter(Path output, String options, ManualClock clock) throws Exception {
        String yaml = "use_internal_logger: false\noutput_paths: [\"" + output + "\"]\n" + options;
        return ExporterHarness.start(new DebugExporterFactory(), yaml, clock);
    }

    @Test
    void anythingThatIsOtlpCanBePrinted() throws Exception {
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(getClass(), "anything"));
        Path output = directory.resolve("out.txt");
        for (String verbosity : new String[] {"normal", "detailed"}) {
            try (ExporterHarness exporter = exporter(output, "verbosity: " + verbosity)) {
                for (int round = 0; round < 200; round++) {
                    Message message = round % 3 == 0
                            ? generator.traces()
                            : round % 3 == 1 ? generator.logs() : generator.metrics();
                    assertThat(exporter.send(ExporterHarness.request(message, 1000)))
                            .as(Seeds.repeat(getClass()))
                            .isEqualTo(SendOutcome.sent());
                }
            }
        }
        assertThat(output).isNotEmptyFile();
    }

    @ParameterizedTest(name = "initial {0}, thereafter {1}: {2} of 10")
    @CsvSource({"2, 1, 10", "2, 0, 2", "2, 4, 4", "0, 5, 2", "20, 0, 10"})
    void samplingLimitsWhatIsPrintedInASecond(int initial, int thereafter, int printed) throws Exception {
        Path output = directory.resolve("out.txt");
        ManualClock clock = new ManualClock();
        String options = "sampling_initial: " + initial + "\nsampling_thereafter: " + thereafter;
        try (ExporterHarness exporter = exporter(output, options, clock)) {
            for (int second = 1; second <= 2; second++) {
                for (int count = 0; count < 10; count++) {
                    exporter.send(ExporterHarness.request(logs(), 1000));
                }
                assertThat(Files.readAllLines(output)).hasSize(printed * second);
                clock.advance(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void standardOutputIsTheUsualPlaceOutsideOfTheLog() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try (ExporterHarness exporter =
                ExporterHarness.start(new DebugExporterFactory(), "use_internal_logger: false")) {
            exporter.send(ExporterHarness.request(logs(), 1000));
        } finally {
            System.setOut(before);
        }
        assertThat(captured.toString(StandardCharsets.UTF_8))
                .isEqualTo("Logs {\"resource logs\": 1, \"log records\": 2}\n");
    }

    @Test
    void aFileThatCannotBeWrittenStopsTheStart() {
        assertThatThrownBy(() -> exporter(directory, ""))
                .hasMessageContaining("output_paths: \"" + directory + "\" cannot be written (");
    }

    @Test
    void outputPathsNeedTheInternalLoggerOff() {
        assertThat(ExporterHarness.problems(new DebugExporterFactory(), "output_paths: [stderr]"))
                .containsExactly(
                        "output_paths: has no effect with the internal logger; add \"use_internal_logger: false\"");
    }

    @Test
    void ofMembersOfAOneofTheLastCounts() throws Exception {
        ByteString both = ByteString.EMPTY
                .concat(io.opentelemetry.proto.common.v1.AnyValue.newBuilder()
                        .setIntValue(1)
                        .build()
                        .toByteString())
                .concat(io.opentelemetry.proto.common.v1.AnyValue.newBuilder()
                        .setStringValue("last")
                        .build()
                        .toByteString());
        byte[] bytes = both.toByteArray();
        OtlpTree any = OtlpTree.of(io.spanweir.wire.OtlpSchema.ANY_VALUE, bytes, 0, bytes.length);
        assertThat(Values.typed(any)).isEqualTo("Str(last)");
    }
}
