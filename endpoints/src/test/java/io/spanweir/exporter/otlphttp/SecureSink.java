package io.spanweir.exporter.otlphttp;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContextBuilder;
import io.spanweir.testsink.OtlpSink;
import io.spanweir.testsink.TestCertificates;
import java.nio.file.Path;

/** A backend behind TLS, and the options with which an exporter trusts it. */
record SecureSink(OtlpSink sink, Path authorityFile) implements AutoCloseable {
    /** @param protocols offered by ALPN, the preferred one first; none: no ALPN */
    static SecureSink start(Path directory, String... protocols) throws Exception {
        TestCertificates certificates = new TestCertificates(directory);
        TestCertificates.Identity server = certificates.issue("server", "EC", "127.0.0.1");
        SslContextBuilder context = SslContextBuilder.forServer(server.key(), server.certificate());
        if (protocols.length > 0) {
            context.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        return new SecureSink(OtlpSink.startTls(null, context.build()), certificates.authorityFile());
    }

    String options(String... more) {
        return "endpoint: " + sink.httpEndpoint() + "\ntls: {ca_file: " + authorityFile + "}\n"
                + String.join("\n", more);
    }

    @Override
    public void close() {
        sink.close();
    }
}
