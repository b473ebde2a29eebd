/** A backend for tests: takes OTLP over gRPC and HTTP, decodes it with protobuf-java, answers as it is told. */
package io.spanweir.testsink;
