/** TLS, endpoints, HTTP server and client over Netty, compression with limits: shared by receivers, exporters and extensions. */
@org.jspecify.annotations.NullMarked
package io.spanweir.net;
