package io.spanweir.perf.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures that were made up. */
final class Examples {
    private Examples() {}

    static Report report() {
        Map<String, String> setting = new LinkedHashMap<>();
        setting.put("date", "2026-11-24T12:00");
        setting.put("gzip level", "1");
        List<Measurement> rounds = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            rounds.add(measurement(CompareCase.GRPC, Engine.SPANWEIR, round, 800 + round * 10, 1_000));
            rounds.add(measurement(CompareCase.GRPC, Engine.COLLECTOR, round, 4_800 - round * 100, 1_000));
            rounds.add(measurement(CompareCase.GRPC, Engine.DATAFLOW, round, 760, round == 2 ? 990 : 1_000));
        }
        rounds.add(measurement(CompareCase.TAIL_20K, Engine.SPANWEIR, 1, 1_000, 31));
        rounds.add(measurement(CompareCase.TAIL_20K, Engine.COLLECTOR, 1, 10_200, 33));
        rounds.add(Measurement.failed(CompareCase.RENAME, Engine.SPANWEIR, 200, 1, "did not start: no \"x\""));
        return new Report(setting, rounds);
    }

    static Measurement measurement(CompareCase what, Engine engine, int round, double cpuNanosPerSpan, double arrived) {
        return new Measurement(
                what,
                engine,
                200,
                round,
                "",
                450.5,
                100 << 20,
                phase(cpuNanosPerSpan * 1.5, 0.5),
                phase(cpuNanosPerSpan, round == 3 ? 0.95 : 0.92),
                1_000,
                arrived,
                434_000,
                434.5,
                round == 2 ? "gRPC status 14 full" : "");
    }

    static Phase phase(double cpuNanosPerSpan, double loadCoreBusy) {
        return new Phase(
                15,
                cpuNanosPerSpan,
                0.99,
                20_000,
                1.5e6,
                12.25e6,
                40e6,
                50e6,
                3,
                0,
                200 << 20,
                220 << 20,
                140,
                110,
                loadCoreBusy,
                Map.of("lane-0", cpuNanosPerSpan / 4, "grpc-server", cpuNanosPerSpan / 2));
    }
}
