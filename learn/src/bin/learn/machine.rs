//! The kind of machine that training is bound to: the same kind gives the same bits.

use std::collections::BTreeMap;

use cli::{Exit, Failure};
use replay::Genesis;
use runs::train_log::MACHINE;

use crate::args::Device;

/// What the log of updates tells of the machine, by name.
pub(crate) fn kind() -> BTreeMap<String, String> {
    let mut kind = BTreeMap::new();
    let mut put = |name: &str, text: &str| {
        let clean: String = text.chars().filter(|char| !char.is_control()).take(200).collect();
        kind.insert(name.to_owned(), clean);
    };
    put("threads", "1");
    put("libtorch", env!("LEARN_LIBTORCH_VERSION"));
    put("target", &format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS));
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = |key: &str| {
        let line = cpu.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_once(':')).map_or("", |(_, text)| text.trim())
    };
    put("cpu", line("model name"));
    let flags: Vec<_> = line("flags").split(' ').collect();
    let capability = ["avx512f", "avx2"].into_iter().find(|flag| flags.contains(flag));
    put("capability", capability.unwrap_or("default"));
    // What libtorch itself reads, and computes otherwise by.
    for name in ["ATEN_CPU_CAPABILITY", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS"] {
        #[expect(clippy::disallowed_methods, reason = "recorded, not obeyed")]
        if let Ok(text) = std::env::var(name) {
            put(&name.to_ascii_lowercase(), &text);
        }
    }
    kind
}

/// In what the machine at hand differs from that of a log of updates, in words.
pub(crate) fn differences(genesis: &Genesis) -> Vec<String> {
    let mut here = kind();
    let mut found = Vec::new();
    for (key, there) in &genesis.parameters {
        let Some(name) = key.strip_prefix(MACHINE) else { continue };
        let own = here.remove(name).unwrap_or_else(|| "(none)".to_owned());
        if own != *there {
            found.push(format!("{name} {there} -> {own}"));
        }
    }
    found.extend(here.into_iter().map(|(name, own)| format!("{name} (none) -> {own}")));
    found
}

/// Whether networks can be computed there.
///
/// # Errors
/// Exit 125 for a card that this libtorch cannot use.
pub(crate) fn check(device: Device) -> Result<(), Failure> {
    if device == Device::Cpu {
        return Ok(());
    }
    let hint = "train on the processor: --device cpu";
    let message = if tch::Cuda::is_available() {
        "networks of this size are not computed on graphics cards yet"
    } else {
        "the libtorch at hand has no CUDA, or there is no graphics card"
    };
    Err(Failure::new(Exit::CannotTest, message).with_hint(hint))
}
