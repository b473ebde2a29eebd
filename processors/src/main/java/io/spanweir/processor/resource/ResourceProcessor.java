package io.spanweir.processor.resource;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.ResourceView;
import io.spanweir.processor.attributes.AttributeEditor;

/** Edits the resource of each group once, however many items it has, and passes the part on. Threading: lane. */
final class ResourceProcessor implements Processor {
    private final AttributeEditor editor;
    private final PartConsumer next;
    private final ResourceView resource = new ResourceView();

    ResourceProcessor(AttributeEditor editor, PartConsumer next) {
        this.editor = editor;
        this.next = next;
    }

    @Override
    public void accept(BatchPart part) {
        editor.begin(part.metadata());
        for (int group = 0; group < part.groupCount(); group++) {
            resource.wrap(
                    part.groupBytes(group),
                    part.resourcePrefixOffset(group),
                    part.resourcePrefixLength(group),
                    part.resources(),
                    group);
            editor.apply(resource.attributes());
        }
        next.accept(part);
    }
}
