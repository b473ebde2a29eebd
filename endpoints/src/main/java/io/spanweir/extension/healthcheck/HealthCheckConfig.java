package io.spanweir.extension.healthcheck;

import io.spanweir.component.Extension;
import io.spanweir.component.ExtensionConfig;
import io.spanweir.component.ExtensionContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import io.spanweir.net.HttpServerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code extensions: health_check}.
 *
 * @param path that is answered; every other is not found
 * @param responseBody null: JSON with the state and the times
 */
record HealthCheckConfig(
        HttpServerConfig server, String path, @Nullable ResponseBody responseBody) implements ExtensionConfig {
    private static final Endpoint ENDPOINT_DEFAULT = new Endpoint("localhost", 13133);

    /** {@code response_body}: plain text in place of the JSON. */
    record ResponseBody(String healthy, String unhealthy) {
        static ResponseBody decode(ConfigNode yaml) {
            return new ResponseBody(
                    yaml.string("healthy").or(""), yaml.string("unhealthy").or(""));
        }
    }

    static HealthCheckConfig decode(ConfigNode yaml) {
        for (String key : List.of("include_metadata", "max_request_body_size", "compression_algorithms")) {
            yaml.ignored(key, "has no effect, what is sent here is not read; remove it");
        }
        yaml.ignored("check_collector_pipeline", "has no effect, the state of the lanes is what counts; remove it");
        return new HealthCheckConfig(
                HttpServerConfig.decode(yaml, ENDPOINT_DEFAULT, HttpServerConfig.Timeouts.COLLECTOR),
                yaml.string("path")
                        .matching(path -> path.startsWith("/"), "does not begin with \"/\"")
                        .or("/"),
                yaml.optionalRecord("response_body", ResponseBody::decode));
    }

    @Override
    public Extension build(ExtensionContext context) {
        return new HealthCheckExtension(this, context);
    }
}
