package io.spanweir.perf.compare;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Work at a rate. */
enum CompareCase {
    DISCARD("discard", "receive and discard", Work.DISCARD, 0),
    GRPC("grpc", "gRPC to gRPC", Work.PASS_GRPC, 0),
    HTTP("http", "HTTP to HTTP", Work.PASS_HTTP, 0),
    HTTP_GZIP("http-gzip", "HTTP to HTTP, gzip", Work.PASS_HTTP_GZIP, 0),
    RENAME("rename", "one attribute renamed", Work.RENAME, 0),
    TAIL("tail", "tail sampling, full speed", Work.TAIL_SAMPLING, 0),
    TAIL_1K("tail-1k", "tail sampling, 1,000 spans/s", Work.TAIL_SAMPLING, 1_000),
    TAIL_5K("tail-5k", "tail sampling, 5,000 spans/s", Work.TAIL_SAMPLING, 5_000),
    TAIL_20K("tail-20k", "tail sampling, 20,000 spans/s", Work.TAIL_SAMPLING, 20_000),
    TAIL_80K("tail-80k", "tail sampling, 80,000 spans/s", Work.TAIL_SAMPLING, 80_000);

    private final String id;
    private final String title;
    private final Work work;
    private final long spansPerSecond;

    CompareCase(String id, String title, Work work, long spansPerSecond) {
        this.id = id;
        this.title = title;
        this.work = work;
        this.spansPerSecond = spansPerSecond;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    Work work() {
        return work;
    }

    /** 0: a closed loop, as fast as answers come. */
    long spansPerSecond() {
        return spansPerSecond;
    }

    boolean paced() {
        return spansPerSecond > 0;
    }

    static String ids() {
        return Arrays.stream(values()).map(CompareCase::id).collect(Collectors.joining(", "));
    }
}
