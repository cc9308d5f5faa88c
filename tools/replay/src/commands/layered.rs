//! Settings of an adversarial market out of a preset, files and overrides.

use std::path::Path;

use agents::adversarial::layers::{Layers, LayersError, Origin, Resolved};
use cli::{Exit, Failure};
use formats::settings::{self, Format};

use super::say;
use crate::args::Layered;

/// What layers come to: the settings, the seed if they have one, the warning if there is one.
///
/// * `preset` - by name; without one, `published` when a file is YAML, else `default`.
///
/// # Errors
/// Exit 2 for a preset, an override or a file name that is none, or for settings that contradict each
/// other; 65 for a file that is none or holds what is refused; 66 for one that is not there.
pub(crate) fn settle(preset: Option<&str>, layered: &Layered) -> Result<Resolved, Failure> {
    let files: Result<Vec<_>, _> = layered.configs.iter().map(|it| format(it)).collect();
    let files = files?;
    let is_published = files.iter().any(|(_, format)| *format == Format::Yaml);
    let preset = preset.unwrap_or(if is_published { "published" } else { "default" });
    let mut layers = Layers::new(preset).map_err(refused)?;
    for (path, format) in files {
        let bytes = cli::read_small(path, settings::FILE_BYTES_MAX)?;
        let pairs = settings::read(format, &bytes)
            .map_err(|error| Failure::new(Exit::Damaged, format!("{}: {error}", path.display())))?;
        let pairs = pairs.into_iter().map(|pair| (pair.key, pair.text, pair.spot.line));
        layers = layers.file(&path.display().to_string(), pairs);
    }
    for setting in &layered.overrides {
        layers = layers.set(setting).map_err(refused)?;
    }
    layers.resolve().map_err(refused)
}

/// Names on standard error what was given and does nothing.
pub(crate) fn warn(resolved: &Resolved) {
    if let Some(warning) = resolved.warning() {
        say(&format!("warning: {warning}"));
    }
}

fn format(path: &Path) -> Result<(&Path, Format), Failure> {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let format = Format::of_extension(extension).ok_or_else(|| {
        let message = format!("{}: its name says no format of settings", path.display());
        Failure::new(Exit::Usage, message).with_hint("name it .yaml, .yml or .toml")
    })?;
    Ok((path, format))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn refused(error: LayersError) -> Failure {
    let exit = match error.origin {
        Origin::File { .. } => Exit::Damaged,
        Origin::Preset(_) | Origin::Override(_) => Exit::Usage,
    };
    let hint = "replay config show lists every setting; --preset published, the published keys too";
    Failure::new(exit, error.to_string()).with_hint(hint)
}
