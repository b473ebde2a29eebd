package io.spanweir.component;

/** The options of an extension. Immutable. */
public interface ExtensionConfig {
    Extension build(ExtensionContext context);
}
