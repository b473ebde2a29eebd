package io.spanweir.processor.attributes;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The spans, log records or metrics of a request, each with what it stands in, and with attributes as maps. */
final class Items {
    private Items() {}

    /**
     * An item whose order of attributes does not matter.
     *
     * @param attributes of the item; of each data point for a metric
     */
    record Item(
            Message resource,
            Map<String, AnyValue> resourceAttributes,
            Message scope,
            Message item,
            List<Map<String, AnyValue>> attributes) {}

    /** What to make of attributes. */
    interface Edit extends Function<List<KeyValue>, Map<String, AnyValue>> {}

    static List<Item> of(Message request, Edit ofResources, Edit ofItems) {
        List<Item> items = new ArrayList<>();
        for (Message resource : nested(request, 1)) {
            Message.Builder head = (Message.Builder) head(resource).toBuilder();
            Map<String, AnyValue> resourceAttributes = ofResources.apply(take(head));
            for (Message scope : nested(resource, 2)) {
                for (Message item : nested(scope, 2)) {
                    List<Map<String, AnyValue>> attributes = new ArrayList<>();
                    Message rest = without(item, ofItems, attributes);
                    items.add(new Item(head.build(), resourceAttributes, head(scope), rest, attributes));
                }
            }
        }
        return items;
    }

    private static Message head(Message message) {
        return (Message) message.getField(message.getDescriptorForType().findFieldByNumber(1));
    }

    private static List<Message> nested(Message message, int number) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
        List<Message> messages = new ArrayList<>();
        for (Object one : (List<?>) message.getField(field)) {
            messages.add((Message) one);
        }
        return messages;
    }

    /** The item without its attributes, or those of its points, which are added to the list as maps. */
    private static Message without(Message item, Edit edit, List<Map<String, AnyValue>> attributes) {
        Message.Builder builder = item.toBuilder();
        if (item.getDescriptorForType().findFieldByName("attributes") != null) {
            attributes.add(edit.apply(take(builder)));
            return builder.build();
        }
        for (FieldDescriptor field : item.getAllFields().keySet()) {
            if (field.getContainingOneof() != null) {
                Message.Builder data = ((Message) item.getField(field)).toBuilder();
                FieldDescriptor points = data.getDescriptorForType().findFieldByName("data_points");
                for (int i = 0; i < data.getRepeatedFieldCount(points); i++) {
                    Message.Builder point = ((Message) data.getRepeatedField(points, i)).toBuilder();
                    attributes.add(edit.apply(take(point)));
                    data.setRepeatedField(points, i, point.build());
                }
                builder.setField(field, data.build());
            }
        }
        return builder.build();
    }

    private static List<KeyValue> take(Message.Builder owner) {
        FieldDescriptor field = owner.getDescriptorForType().findFieldByName("attributes");
        List<KeyValue> attributes = new ArrayList<>();
        for (Object one : (List<?>) owner.getField(field)) {
            attributes.add((KeyValue) one);
        }
        owner.clearField(field);
        return attributes;
    }
}
