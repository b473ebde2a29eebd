/** {@code extensions: health_check}: an HTTP page that says whether the engine works. */
@org.jspecify.annotations.NullMarked
package io.spanweir.extension.healthcheck;
