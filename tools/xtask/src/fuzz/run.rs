//! One fuzzer, run and understood.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Memory of a fuzzer, in megabytes, and seconds of one execution: more is a find.
const MEMORY_MAX: u32 = 1_024;
const EXECUTION_MAX: u32 = 20;
/// Lines of a fuzzer's words that are shown when it failed.
const SHOWN_LINES: usize = 25;

/// A fuzz target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) name: String,
    /// Longest input, in bytes.
    pub(super) len_max: usize,
}

/// How every target is run.
pub(super) struct Plan {
    /// `fuzz` of the checkout.
    pub(super) folder: PathBuf,
    /// Where the fuzzers were built.
    pub(super) programs: PathBuf,
    pub(super) seconds: Option<u32>,
    pub(super) runs: Option<u64>,
}

/// What became of a target.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) executions: u64,
    pub(super) per_second: u64,
    /// Edges that were reached at the end, and by what it started from.
    pub(super) edges: u64,
    pub(super) edges_before: u64,
    /// The last words of a fuzzer that found something, or broke off.
    pub(super) failure: Option<String>,
}

/// Runs one target.
///
/// # Errors
/// What cannot be written or started.
pub(super) fn run_target(plan: &Plan, target: &Target) -> Result<Outcome, String> {
    let Target { name, len_max } = target;
    let folder = |kind: &str| plan.folder.join(kind).join(name);
    let (corpus, artifacts) = (folder("corpus"), folder("artifacts"));
    for made in [&corpus, &artifacts] {
        fs::create_dir_all(made).map_err(|error| failed(made, &error))?;
    }
    let words = artifacts.join("words.txt");
    let file = File::create(&words).map_err(|error| failed(&words, &error))?;
    let program = plan.programs.join(name);
    let mut fuzzer = Command::new(&program);
    // What is new goes to the first folder; the others are read.
    fuzzer.arg(&corpus);
    fuzzer.args([folder("seeds"), folder("regressions")].iter().filter(|it| it.is_dir()));
    fuzzer.arg(format!("-max_len={len_max}")).arg("-print_final_stats=1");
    fuzzer.arg(format!("-rss_limit_mb={MEMORY_MAX}")).arg(format!("-timeout={EXECUTION_MAX}"));
    // What is slow is drawn less often.
    fuzzer.arg("-entropic_scale_per_exec_time=1");
    fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzzer.args(plan.seconds.map(|seconds| format!("-max_total_time={seconds}")));
    fuzzer.args(plan.runs.map(|runs| format!("-runs={runs}")));
    let words_known = plan.folder.join("dictionaries").join(format!("{name}.dict"));
    fuzzer.args(words_known.is_file().then(|| format!("-dict={}", words_known.display())));
    let status = fuzzer
        .env("RUST_BACKTRACE", "0")
        .stderr(file)
        .status()
        .map_err(|error| failed(&program, &error))?;
    let text = fs::read(&words).map_err(|error| failed(&words, &error))?;
    let text = String::from_utf8_lossy(&text);
    let failure = (!status.success()).then(|| format!("{status}\n{}", last_lines(&text)));
    Ok(read(name, &text, failure))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines.split_at(lines.len().saturating_sub(SHOWN_LINES)).1.join("\n")
}

/// Understands the words of libFuzzer.
fn read(name: &str, text: &str, failure: Option<String>) -> Outcome {
    let stat = |key: &str| {
        let line = text.lines().rev().find_map(|line| line.strip_prefix(key));
        line.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    let edges =
        |line: &str| -> Option<u64> { line.split_once("cov: ")?.1.split(' ').next()?.parse().ok() };
    let mut all = text.lines().filter(|line| line.starts_with('#'));
    let before = all.clone().find(|line| line.contains("INITED")).and_then(edges);
    Outcome {
        name: name.to_owned(),
        executions: stat("stat::number_of_executed_units:"),
        per_second: stat("stat::average_exec_per_sec:"),
        edges: all.rfind(|line| line.contains("cov: ")).and_then(edges).unwrap_or(0),
        edges_before: before.unwrap_or(0),
        failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_fuzzer_are_understood() {
        let text = "INFO: seed corpus: files: 3\n\
                    #4\tINITED cov: 472 ft: 500 corp: 3/9b exec/s: 0 rss: 29Mb\n\
                    #4019\tDONE   cov: 480 ft: 1234 corp: 64/542b lim: 14 exec/s: 251 rss: 29Mb\n\
                    Done 4019 runs in 16 second(s)\n\
                    stat::number_of_executed_units: 4019\n\
                    stat::average_exec_per_sec:     251\n";
        let outcome = read("proof", text, None);
        assert_eq!((outcome.executions, outcome.per_second), (4019, 251));
        assert_eq!((outcome.edges, outcome.edges_before), (480, 472));
        assert_eq!(read("proof", "", None).executions, 0);
    }
}
