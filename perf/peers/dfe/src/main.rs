//! Runs one pipeline specification of the OTel-Arrow dataflow engine until it is stopped: `dfe-peer SPEC.yaml`.

use otel_arrow_dfe_config::engine::OtelDataflowSpec;
use otel_arrow_dfe_controller::{Controller, ControllerRunOptions};
use otel_arrow_dfe_core_nodes as _; // registers the nodes
use otel_arrow_dfe_otap::OTAP_PIPELINE_FACTORY;

fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("no provider was installed before");
    let path = std::env::args().nth(1).expect("usage: dfe-peer SPEC.yaml");
    let text = std::fs::read_to_string(&path).expect("the specification can be read");
    let spec = OtelDataflowSpec::from_yaml(&text).expect("the specification is valid");
    let mut options = ControllerRunOptions::default();
    options.handle_os_signals = true;
    Controller::new(&OTAP_PIPELINE_FACTORY).run_forever_with_options(spec, options).expect("the engine runs");
}
