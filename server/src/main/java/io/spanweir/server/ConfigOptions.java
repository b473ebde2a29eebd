package io.spanweir.server;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a configuration comes from, for every command that reads one. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "SOURCE",
            description = {
                "A path, file:PATH, env:NAME (a variable that holds YAML) or yaml:TEXT (a::b: c nests keys).",
                "Repeat it to merge: later sources win, lists are replaced."
            })
    List<String> sources = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one option after all sources, the value in YAML: --set processors.batch.timeout=2s")
    List<String> sets = new ArrayList<>();
}
