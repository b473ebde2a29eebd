package io.spanweir.exporter.file;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.config.ConfigNode;
import io.spanweir.net.ContentEncoders;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exporters: file}.
 *
 * @param append whether what is in the file stays at the start
 * @param rotation null: one file that grows
 * @param zstd each record compressed, with its length before it
 * @param directoryPermissions the bits of {@code chmod}, for directories that are created
 */
record FileConfig(
        Path path,
        Format format,
        boolean append,
        @Nullable Rotation rotation,
        boolean zstd,
        int zstdLevel,
        boolean createDirectory,
        int directoryPermissions,
        SendingQueueConfig sendingQueue,
        RetryConfig retryOnFailure)
        implements ExporterConfig {

    /** {@code format}. */
    enum Format {
        JSON,
        PROTO
    }

    /**
     * {@code rotation}.
     *
     * @param maxBytes a file that has this much is put away before the next record
     * @param maxDays files put away longer ago are removed; 0: never
     * @param maxBackups of the files put away the newest are kept; 0: all
     * @param localTime whether their names carry local time in place of UTC
     */
    record Rotation(long maxBytes, int maxDays, int maxBackups, boolean localTime) {
        static Rotation decode(ConfigNode yaml) {
            return new Rotation(
                    yaml.longInteger("max_megabytes")
                                    .atLeast(1L)
                                    .atMost(1L << 20)
                                    .or(100L)
                            << 20,
                    yaml.integer("max_days").atLeast(0).or(0),
                    yaml.integer("max_backups").atLeast(0).or(100),
                    yaml.bool("localtime").or(false));
        }
    }

    private static final int PERMISSIONS_DEFAULT = 0755;
    private static final int PERMISSIONS_MAX = 0777;
    private static final int ZSTD_LEVEL_MAX = 22;

    static FileConfig decode(ConfigNode yaml) {
        refuseAndIgnore(yaml);
        Path path = path(yaml);
        Rotation rotation = yaml.optionalRecord("rotation", Rotation::decode);
        boolean append = yaml.bool("append").or(false);
        if (append && rotation != null) {
            yaml.problem("append", "cannot be set beside \"rotation\", which always appends; remove it");
        }
        Map<String, String> compressions = new LinkedHashMap<>(); // their order is that of messages
        compressions.put("none", "none");
        compressions.put("zstd", "zstd");
        String compression = yaml.enumeration("compression", compressions).or("none");
        boolean createDirectory = yaml.bool("create_directory").or(false);
        if (!createDirectory && yaml.has("directory_permissions")) {
            yaml.warning("directory_permissions", "has no effect without \"create_directory: true\"");
        }
        return new FileConfig(
                path,
                yaml.enumeration("format", Format.class).or(Format.JSON),
                append,
                rotation,
                compression.equals("zstd"),
                yaml.record("compression_params", FileConfig::level),
                createDirectory,
                permissions(yaml),
                yaml.record("sending_queue", SendingQueueConfig::decode),
                yaml.record("retry_on_failure", RetryConfig::decode));
    }

    private static void refuseAndIgnore(ConfigNode yaml) {
        yaml.refused(
                "encoding", "is not supported, encoding extensions do not exist here; set \"format\" to json or proto");
        ConfigNode groupBy = yaml.child("group_by");
        if (groupBy.decode(FileConfig::groupsByAttribute)) {
            yaml.problem("group_by", "is not supported; write one file exporter for each file and route to them");
        }
        yaml.ignored("flush_interval", "has no effect, each request is written to the file at once; remove it");
    }

    private static boolean groupsByAttribute(ConfigNode yaml) {
        yaml.string("resource_attribute").orNull();
        yaml.integer("max_open_files").orNull();
        return yaml.bool("enabled").or(false);
    }

    private static Path path(ConfigNode yaml) {
        String text = yaml.string("path").required();
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            yaml.problem("path", "\"" + text.replace('\u0000', '?') + "\" is no path (" + e.getReason() + ")");
            return Path.of("");
        }
    }

    private static int level(ConfigNode yaml) {
        int level = yaml.integer("level")
                .atLeast(ContentEncoders.LEVEL_DEFAULT)
                .atMost(ZSTD_LEVEL_MAX)
                .or(ContentEncoders.LEVEL_DEFAULT);
        return level == 0 ? ContentEncoders.LEVEL_DEFAULT : level;
    }

    private static int permissions(ConfigNode yaml) {
        String text = yaml.string("directory_permissions").or("");
        if (text.isEmpty()) {
            return PERMISSIONS_DEFAULT;
        }
        try {
            int permissions = Integer.parseInt(text, 8);
            if (permissions >= 0 && permissions <= PERMISSIONS_MAX) {
                return permissions;
            }
        } catch (NumberFormatException noOctal) {
            // told below
        }
        yaml.problem("directory_permissions", "\"" + text + "\" is no octal number up to 0777; write \"0755\"");
        return PERMISSIONS_DEFAULT;
    }

    /** Whether records are lines; else they have their length before them. */
    boolean lines() {
        return format == Format.JSON && !zstd;
    }

    @Override
    public Exporter build(ExporterContext context) {
        return new FileExporter(this, new RotatingFile(this, context.clock(), context.disk()));
    }
}
