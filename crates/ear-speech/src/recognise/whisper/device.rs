//! On what to compute.

use crate::Error;
use ct2rs::sys::{ComputeType, Device};
use std::env;

/// Names the device, `cpu` (unless told otherwise) or `cuda`.
const VARIABLE: &str = "EARWITNESS_DEVICE";

/// The device that the environment names, and how its numbers are held. The packaged library computes on Nvidia's
/// graphics cards as it is; it looks for their driver and for cuBLAS 12 when a model is loaded.
pub(super) fn chosen() -> Result<(Device, ComputeType), Error> {
    named(&env::var_os(VARIABLE).unwrap_or_default().to_string_lossy())
}

fn named(name: &str) -> Result<(Device, ComputeType), Error> {
    match name {
        "" | "cpu" => Ok((Device::CPU, ComputeType::INT8)),
        // What a card computes fastest differs from card to card: the library chooses.
        "cuda" => Ok((Device::CUDA, ComputeType::AUTO)),
        _ => Err(Error::Device { reason: format!("{VARIABLE} is `{name}`, which is neither cpu nor cuda") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names() {
        let check = |name: &str, expected: Option<Device>| assert_eq!(named(name).ok().map(|found| found.0), expected);
        check("", Some(Device::CPU));
        check("cpu", Some(Device::CPU));
        check("cuda", Some(Device::CUDA));
        check("gpu", None);
        assert!(named("gpu").is_err_and(|error| error.to_string().contains("`gpu`")));
    }
}
