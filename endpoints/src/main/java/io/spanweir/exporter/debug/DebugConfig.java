package io.spanweir.exporter.debug;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.config.ConfigNode;
import java.util.List;

/**
 * {@code exporters: debug}.
 *
 * @param samplingInitial requests a second that are printed whatever comes
 * @param samplingThereafter of the further ones in that second every n-th is printed; 0: none
 * @param useInternalLogger true: to the program's log; false: to {@code outputPaths}
 * @param outputPaths {@code stdout}, {@code stderr} or files
 */
record DebugConfig(
        Verbosity verbosity,
        int samplingInitial,
        int samplingThereafter,
        boolean useInternalLogger,
        List<String> outputPaths,
        SendingQueueConfig sendingQueue)
        implements ExporterConfig {
    /** {@code verbosity}. */
    enum Verbosity {
        BASIC,
        NORMAL,
        DETAILED
    }

    static DebugConfig decode(ConfigNode yaml) {
        yaml.ignored("output", "has no effect, everything is printed; remove it");
        yaml.refused("loglevel", "is called \"verbosity\" now; write that, with basic, normal or detailed");
        boolean useInternalLogger = yaml.bool("use_internal_logger").or(true);
        if (useInternalLogger && yaml.has("output_paths")) {
            yaml.warning("output_paths", "has no effect with the internal logger; add \"use_internal_logger: false\"");
        }
        return new DebugConfig(
                yaml.enumeration("verbosity", Verbosity.class).or(Verbosity.BASIC),
                yaml.integer("sampling_initial").atLeast(0).or(2),
                yaml.integer("sampling_thereafter").atLeast(0).or(1),
                useInternalLogger,
                yaml.strings("output_paths").or(List.of("stdout")),
                yaml.record("sending_queue", SendingQueueConfig::decode));
    }

    @Override
    public RetryConfig retryOnFailure() {
        return RetryConfig.OFF;
    }

    @Override
    public Exporter build(ExporterContext context) {
        return new DebugExporter(this, context);
    }
}
