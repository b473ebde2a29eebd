package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OTLP/JSON that others wrote. */
class OtlpJsonSampleTest {
    private final OtlpJsonReader reader = new OtlpJsonReader();
    private final OtlpJsonWriter writer = new OtlpJsonWriter();

    private byte[] read(OtlpSchema.Message type, byte[] json) {
        int length = reader.read(type, json, 0, json.length);
        assertThat(length).as(reader.problem()).isPositive();
        return Arrays.copyOf(reader.output(), length);
    }

    @ParameterizedTest
    @CsvSource({
        "otlp-json/trace.json,   1, 500",
        "otlp-json/logs.json,    1, 900",
        "otlp-json/events.json,  1, 800",
        "otlp-json/metrics.json, 1, 1500",
        "loadgen/logs.jsonl,     2, 500000",
        "loadgen/metrics.jsonl,  2, 500000"
    })
    void samplesAreReadAndSurviveTheWayBack(String file, int requestsMin, int writtenBytesMin) throws IOException {
        Path path = Path.of(System.getProperty("spanweir.data", "no-data"), file);
        assumeTrue(Files.exists(path), "sample data is absent: " + path);
        String text = Files.readString(path);
        List<String> requests = file.endsWith("l") ? text.lines().toList() : List.of(text);
        assertThat(requests).hasSizeGreaterThanOrEqualTo(requestsMin);
        int writtenBytes = 0;
        for (String request : requests) {
            OtlpSchema.Message type = file.contains("trace")
                    ? OtlpSchema.TRACE_REQUEST
                    : file.contains("metrics") ? OtlpSchema.METRICS_REQUEST : OtlpSchema.LOGS_REQUEST;
            byte[] protobuf = read(type, request.getBytes(StandardCharsets.UTF_8));
            Message prototype = OtlpJsonOracle.REQUESTS.get(type);
            assertThat(prototype).isNotNull();
            Message message = prototype.getParserForType().parseFrom(protobuf);

            writer.clear();
            writer.write(type, protobuf, 0, protobuf.length);
            byte[] written = Arrays.copyOf(writer.output(), writer.length());
            writtenBytes += written.length;
            OtlpJsonOracle.assertSameJson(
                    new String(written, StandardCharsets.UTF_8), OtlpJsonOracle.json(message), file);
            assertThat(prototype.getParserForType().parseFrom(read(type, written)))
                    .isEqualTo(message);
        }
        assertThat(writtenBytes).isGreaterThan(writtenBytesMin);
    }
}
