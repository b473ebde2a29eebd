package io.spanweir.exporter.file;

import io.spanweir.component.Exporter;
import io.spanweir.component.SendOutcome;
import io.spanweir.data.ExportRequest;
import io.spanweir.net.Compression;
import io.spanweir.net.ContentEncoder;
import io.spanweir.net.ContentEncoders;
import io.spanweir.net.Sentences;
import io.spanweir.wire.OtlpJsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes each request as one record of a file.
 *
 * <pre>
 * json                 one line of OTLP/JSON, ended by \n
 * proto                length u32 big endian | protobuf
 * compression zstd     length u32 big endian | zstd frame of the JSON text or of the protobuf
 * </pre>
 *
 * A request is SENT when the system has taken the whole record; nothing is kept back in buffers. Threading: the engine's
 * export thread.
 */
final class FileExporter implements Exporter {
    private final FileConfig config;
    private final RotatingFile file;
    private final @Nullable ContentEncoder zstd;
    private final OtlpJsonWriter json = new OtlpJsonWriter();
    private final ByteBuffer lengthPrefix = ByteBuffer.allocate(Integer.BYTES);

    FileExporter(FileConfig config, RotatingFile file) {
        this.config = config;
        this.file = file;
        this.zstd = config.zstd() ? ContentEncoders.of(Compression.ZSTD, config.zstdLevel()) : null;
    }

    @Override
    public void start() throws IOException {
        file.open();
    }

    @Override
    public void send(ExportRequest request, Callback callback) {
        SendOutcome outcome;
        try {
            file.write(record(request));
            outcome = SendOutcome.sent();
        } catch (IOException e) {
            outcome = SendOutcome.retryable(
                    "file \"" + config.path() + "\" cannot be written (" + Sentences.cause(e) + ")", 0);
        }
        callback.done(outcome);
    }

    private ByteBuffer[] record(ExportRequest request) throws IOException {
        boolean asJson = config.format() == FileConfig.Format.JSON;
        if (asJson) {
            byte[] protobuf = request.sliceCount() == 1 ? request.slice(0) : request.toByteArray();
            json.clear();
            json.write(request.signal().request(), protobuf, 0, request.lengthBytes());
        }
        if (zstd != null) {
            byte[] frame = compressed(zstd, request, asJson);
            return new ByteBuffer[] {prefix(frame.length), ByteBuffer.wrap(frame)};
        }
        if (asJson) {
            return new ByteBuffer[] {
                ByteBuffer.wrap(json.output(), 0, json.length()), ByteBuffer.wrap(RotatingFile.LINE_END)
            };
        }
        ByteBuffer[] parts = new ByteBuffer[request.sliceCount() + 1];
        parts[0] = prefix(request.lengthBytes());
        for (int index = 0; index < request.sliceCount(); index++) {
            parts[index + 1] = ByteBuffer.wrap(request.slice(index), 0, request.sliceLength(index));
        }
        return parts;
    }

    private byte[] compressed(ContentEncoder encoder, ExportRequest request, boolean asJson) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (OutputStream target = encoder.stream(frame)) {
            if (asJson) {
                target.write(json.output(), 0, json.length());
            } else {
                request.writeTo(target);
            }
        }
        return frame.toByteArray();
    }

    private ByteBuffer prefix(int length) {
        return lengthPrefix.clear().putInt(length).flip();
    }

    @Override
    public void stop() {
        file.close();
    }
}
