package io.spanweir.graph;

import io.spanweir.component.ComponentKind;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What messages know of the component types of the OpenTelemetry Collector (core and contrib, 0.140): those that this version
 * does not have, so that nobody looks for a typing mistake, and those that are gone. Threading: any thread, stateless.
 */
final class CollectorTypes {
    private static final Set<String> RECEIVERS = names("""
            apache awscloudwatch awsecscontainermetrics awsfirehose awsxray azureblob azureeventhub azuremonitor carbon chrony \
            cloudflare collectd couchdb datadog docker_stats elasticsearch expvar faro file_log filelog filestats flinkmetrics \
            fluentforward github gitlab googlecloudmonitoring googlecloudpubsub haproxy host_metrics hostmetrics httpcheck iis \
            influxdb jaeger jmx journald k8s_cluster k8s_events k8sobjects kafka kafkametrics kubeletstats loki memcached mongodb \
            mysql namedpipe netflow nginx oracledb otelarrow otlpjsonfile postgresql prometheus prometheus_simple \
            prometheusremotewrite pulsar rabbitmq receiver_creator redis riak signalfx skywalking snmp solace splunk_hec \
            splunkenterprise sqlquery sqlserver sshcheck statsd syslog systemd tcpcheck tcplog udplog vcenter wavefront \
            webhookevent windowseventlog windowsperfcounters zipkin zookeeper""");
    private static final Set<String> PROCESSORS = names("""
            attributes coralogix cumulativetodelta deltatocumulative deltatorate dns_lookup filter geoip groupbyattrs \
            groupbytrace interval isolationforest k8s_attributes k8sattributes logdedup logstransform metricsgeneration \
            metricstransform probabilistic_sampler redaction remotetap resource resourcedetection routing schema \
            span spanmetrics sumologic transform unroll""");
    private static final Set<String> EXPORTERS = names("""
            alertmanager awscloudwatchlogs awsemf awskinesis awss3 awsxray azureblob azuredataexplorer azuremonitor \
            bmchelix carbon cassandra clickhouse coralogix datadog dataset doris elasticsearch faro googlecloud \
            googlecloudpubsub googlemanagedprometheus honeycombmarker influxdb kafka kinetica loadbalancing logicmonitor \
            logzio loki mezmo opencensus opensearch otelarrow prometheus prometheusremotewrite pulsar rabbitmq sapm \
            sentry signalfx splunk_hec stef sumologic syslog tencentcloud_logservice tinybird zipkin""");
    private static final Set<String> CONNECTORS = names("""
            count datadog exceptions failover grafanacloud metricsaslogs otlpjson roundrobin routing servicegraph signaltometrics \
            slowsql span_metrics spanmetrics sum""");
    private static final Set<String> EXTENSIONS = names("""
            ack asapclient avro_log_encoding awsproxy azure_auth basicauth bearertokenauth cgroupruntime datadog db_storage \
            docker_observer ecs_observer file_storage googleclientauth headers_setter host_observer http_forwarder httpforwarder \
            jaegerremotesampling json_log_encoding k8s_leader_elector k8s_observer memory_limiter oauth2client oidc opamp otlp_encoding \
            pprof redis_storage remotetap sigv4auth skywalking_encoding storage sumologic text_encoding zipkin_encoding zpages""");

    /** Types that the collector once had, and what took their place. */
    private static final Map<String, String> GONE = Map.of(
            "exporters/logging", "is called \"debug\" now; write that, and \"verbosity\" for \"loglevel\"",
            "exporters/jaeger", "is gone from the collector too: Jaeger takes OTLP; write \"otlp_grpc\"",
            "exporters/jaeger_thrift", "is gone from the collector too: Jaeger takes OTLP; write \"otlp_http\"",
            "exporters/opencensus", "is gone from the collector too; write \"otlp_grpc\"",
            "receivers/opencensus", "is gone from the collector too; write \"otlp\"",
            "processors/queued_retry",
                    "is gone from the collector too; remove it, exporters have \"sending_queue\" and \"retry_on_failure\"",
            "extensions/memory_ballast", "is gone from the collector too; remove it and set \"engine.memory\"");

    private CollectorTypes() {}

    private static Set<String> names(String words) {
        return Set.of(words.split("\\s+"));
    }

    /** What became of a type, as the rest of a sentence; null when nothing did. */
    static @Nullable String successor(ComponentKind kind, String type) {
        return GONE.get(kind.section() + "/" + type);
    }

    /** Whether the collector has the type. */
    static boolean known(ComponentKind kind, String type) {
        return switch (kind) {
            case RECEIVER -> RECEIVERS.contains(type);
            case PROCESSOR -> PROCESSORS.contains(type);
            case EXPORTER -> EXPORTERS.contains(type);
            case CONNECTOR -> CONNECTORS.contains(type);
            case EXTENSION -> EXTENSIONS.contains(type);
        };
    }
}
