package io.spanweir.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Points of metrics read and edited through views, against the same edits made to messages of protobuf-java. */
class MetricViewPropertyTest {
    private static final int ROUNDS = 600;
    private static final byte[] ADDED = "added".getBytes(UTF_8);
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    private final Overlay overlay = Overlay.ofMetrics();
    private final MetricView view = new MetricView();
    private final DataPointView point = new DataPointView();
    private SplittableRandom random = new SplittableRandom(0);
    private String repeat = "";

    @Test
    void editedPointsAreWhatProtobufMakesOfTheSameEdits() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            random = Seeds.random(getClass(), "metric", round);
            repeat = Seeds.repeat(getClass(), round);
            Metric.Builder filled = Metric.newBuilder();
            new OtlpGenerator(random).fill(filled);
            byte[] bytes = WireMutator.orderly(random).mutate(filled.build().toByteArray(), Metric.getDescriptor());
            Metric.Builder model = Metric.parseFrom(bytes).toBuilder();
            overlay.reset(1);
            // Each pass is a processor of its own: it reads what the one before stored.
            for (int pass = random.nextInt(3); pass >= 0; pass--) {
                view.wrap(bytes, 0, bytes.length, overlay, 0);
                assertReads(model);
                edit(model);
                assertReads(model);
            }
            byte[] spliced = new byte[Splice.length(bytes, 0, bytes.length, overlay, 0)];
            Splice.write(bytes, 0, bytes.length, overlay, 0, spliced, 0);
            assertThat(Metric.parseFrom(spliced)).as(repeat).isEqualTo(model.build());
        }
    }

    private void assertReads(Metric.Builder model) {
        assertThat(new String(view.nameBytes(), view.nameOffset(), view.nameLength(), UTF_8))
                .as(repeat)
                .isEqualTo(model.getName());
        String kind = model.getDataCase().name();
        assertThat(view.kind().name()).as(repeat).isEqualTo(kind.equals("DATA_NOT_SET") ? "NONE" : kind);
        assertThat(view.pointCount()).as(repeat).isEqualTo(points(model).size());
    }

    private static FieldDescriptor data(Metric.Builder model) {
        return Metric.getDescriptor().findFieldByName(model.getDataCase().name().toLowerCase(Locale.ROOT));
    }

    private static List<Message> points(Metric.Builder model) {
        List<Message> points = new ArrayList<>();
        FieldDescriptor field = data(model);
        if (field != null) {
            Message data = (Message) model.getField(field);
            for (Object one :
                    (List<?>) data.getField(data.getDescriptorForType().findFieldByName("data_points"))) {
                points.add((Message) one);
            }
        }
        return points;
    }

    /** Adds to some points, takes the first attribute of others. */
    private void edit(Metric.Builder model) {
        List<Message> points = points(model);
        boolean edited = false;
        view.rewindPoints();
        for (int i = 0; i < points.size(); i++) {
            assertThat(view.nextPoint(point)).as(repeat).isTrue();
            Message.Builder builder = points.get(i).toBuilder();
            FieldDescriptor field = builder.getDescriptorForType().findFieldByName("attributes");
            List<Object> attributes = new ArrayList<>((List<?>) builder.getField(field));
            assertThat(point.attributes().count()).as(repeat).isEqualTo(attributes.size());
            int choice = random.nextInt(3);
            if (choice == 0 && !attributes.isEmpty()) {
                AttributesView view = point.attributes();
                view.next();
                view.removeCurrent();
                attributes.remove(0);
                edited = true;
            } else if (choice == 1 && !point.attributes().contains(ADDED, new ValueView())) {
                point.attributes().putString(ADDED, TEXT);
                attributes.add(KeyValue.newBuilder()
                        .setKey("added")
                        .setValue(AnyValue.newBuilder().setStringValue("text"))
                        .build());
                edited = true;
            }
            builder.setField(field, attributes);
            points.set(i, builder.build());
        }
        assertThat(view.nextPoint(point)).as(repeat).isFalse();
        assertThat(view.storePoints()).as(repeat).isEqualTo(edited);
        FieldDescriptor field = data(model);
        if (field != null) {
            Message.Builder data = ((Message) model.getField(field)).toBuilder();
            data.setField(data.getDescriptorForType().findFieldByName("data_points"), points);
            model.setField(field, data.build());
        }
    }

    @Test
    void pointsOfAMetricWithoutAnOverlayCannotBeStored() {
        Metric.Builder metric = Metric.newBuilder();
        metric.getGaugeBuilder().addDataPointsBuilder().setAsInt(1);
        byte[] bytes = metric.build().toByteArray();
        view.wrap(bytes, 0, bytes.length);
        view.rewindPoints();
        view.nextPoint(point);
        point.attributes().putString(ADDED, TEXT);
        assertThatThrownBy(view::storePoints).hasMessageContaining("read only");
    }

    @Test
    void editsThatWereNotStoredAreGoneWithTheNextMetric() throws Exception {
        Metric.Builder metric = Metric.newBuilder();
        metric.getSummaryBuilder().addDataPointsBuilder().setCount(1);
        byte[] bytes = metric.build().toByteArray();
        overlay.reset(2);
        view.wrap(bytes, 0, bytes.length, overlay, 0);
        view.rewindPoints();
        view.nextPoint(point);
        point.attributes().putString(ADDED, TEXT);
        view.wrap(bytes, 0, bytes.length, overlay, 1);
        view.rewindPoints();
        view.nextPoint(point);
        assertThat(point.attributes().count()).isZero();
        assertThat(view.storePoints()).isFalse();
        assertThat(overlay.edited(0) || overlay.edited(1)).isFalse();
    }
}
