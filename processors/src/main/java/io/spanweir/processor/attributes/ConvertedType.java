package io.spanweir.processor.attributes;

/** {@code converted_type}. */
enum ConvertedType {
    INT,
    DOUBLE,
    STRING
}
