package io.spanweir.component;

/** Works beside the pipelines: health, authentication, storage. Started first, stopped last. */
public interface Extension {
    void start() throws Exception;

    void stop();
}
