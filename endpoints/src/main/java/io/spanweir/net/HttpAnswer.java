package io.spanweir.net;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What a server answered. Valid during the call it is passed to.
 *
 * @param body at most the client's limit
 * @param bodyCut whether there was more
 */
@SuppressWarnings("ArrayRecordComponent") // short-lived, never compared
public record HttpAnswer(int statusCode, String reason, HttpHeaders headers, byte[] body, boolean bodyCut) {}
