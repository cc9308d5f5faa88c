//! `cargo xtask kills --faults`: the device of the built `replay` fails.
//!
//! Each way needs something of the machine; where that is not there, it says NOT RUN and why.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::kills::{Field, acknowledged};
use crate::print;

/// Calls of one kind that are made to fail, at the most.
const CALLS_MAX: u32 = 2_000;
/// The log that nothing interrupted, and that of the few steps in which every call fails once.
const FULL: &str = "full.log";
const SHORT: &str = "short.log";
/// Enough to seal a block, with a sync now and then.
const SHORT_LINE: &str = "simulate --seed 5 --steps 150 --durable-every 20 -o";

/// Runs every way that the machine allows.
///
/// # Errors
/// The first acknowledged entry that is lost, or an exit code that is not documented.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let field = Field::new(root)?;
    injected(&field)?;
    limited(&field)?;
    full_output(&field)?;
    mounted(&field, "tmpfs of 1 MiB", "tmpfs")?;
    power(&field)
}

/// Whether a program can be started here.
fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn shell(field: &Field, script: &str) -> Result<Output, String> {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(&field.folder).env("REPLAY", &field.replay);
    command.output().map_err(|error| format!("sh does not start: {error}"))
}

/// How a recording that could not go on has to end: exit 73 or 74, with words.
fn check_end(output: &Output, how: &str) -> Result<(), String> {
    let exit = output.status.code().unwrap_or(-1);
    let words = String::from_utf8_lossy(&output.stderr);
    if matches!(exit, 73 | 74) && words.contains("replay: ") && !words.contains("panicked") {
        Ok(())
    } else {
        Err(format!("{how}: exit {exit}: {words}"))
    }
}

/// Checks a recording that ended early, and removes it.
fn check_left(field: &Field, output: &Output, full: &str, how: &str) -> Result<u64, String> {
    let acknowledged = acknowledged(&mut &output.stdout[..]);
    let left =
        field.check("failed.log", full, acknowledged).map_err(|error| format!("{how}: {error}"))?;
    field.clean("failed.log")?;
    Ok(left.entries)
}

/// One call of the system after the other fails.
fn injected(field: &Field) -> Result<(), String> {
    if !has("strace") {
        print("NOT RUN: calls that fail: there is no strace");
        return Ok(());
    }
    let line = format!("{SHORT_LINE} failed.log");
    let whole = shell(field, &format!("exec \"$REPLAY\" {SHORT_LINE} {SHORT}"))?;
    if !whole.status.success() {
        return Err(format!("{SHORT}: {}", String::from_utf8_lossy(&whole.stderr)));
    }
    names(field, &line)?;
    for (calls, error) in [
        ("write", "EIO"),
        ("write", "ENOSPC"),
        ("fdatasync,fsync", "EIO"),
        ("fdatasync,fsync", "ENOSPC"),
    ] {
        let (mut at, mut kept, mut failed) = (1, 0, 0);
        loop {
            let how = format!("{error} at {calls} {at}");
            let script = format!(
                "exec strace -f -o /dev/null -e trace={calls} -e inject={calls}:error={error}:when={at} \
                 \"$REPLAY\" {line}"
            );
            let output = shell(field, &script)?;
            if output.status.success() {
                let is_reached = at <= 2;
                field.clean("failed.log")?;
                if is_reached {
                    return Err(format!("{how}: the call was not made"));
                }
                break;
            }
            check_end(&output, &how)?;
            kept += check_left(field, &output, SHORT, &how)?;
            (at, failed) = (at + 1, failed + 1);
            if CALLS_MAX < at {
                return Err(format!("{how}: and no end"));
            }
        }
        print(&format!("{error} at {calls}: {failed} runs, {kept} entries kept, lost = 0"));
    }
    Ok(())
}

/// The names of both files are durable before anything is said to be: the folder is synced, which a
/// journal that happens to do it too would hide.
fn names(field: &Field, line: &str) -> Result<(), String> {
    let calls = "-y -e trace=fsync,fdatasync,write -e write=none -s 8";
    let script = format!("exec strace -f -o calls {calls} \"$REPLAY\" {line}");
    shell(field, &script)?;
    let calls = fs::read_to_string(field.path("calls")).map_err(|error| error.to_string())?;
    field.clean("failed.log")?;
    let folder = format!("{}>)", field.folder.display());
    let mut before = calls.lines().take_while(|call| !call.contains("\"durable "));
    if before.any(|call| call.contains("fsync(") && call.contains(&folder)) {
        return Ok(());
    }
    Err("entries are acknowledged before the name of the log is durable".to_owned())
}

/// A limit on the size of files, the signal ignored: a short write, then EFBIG.
fn limited(field: &Field) -> Result<(), String> {
    let mut kept = 0;
    for blocks in [1, 3, 8, 130, 200] {
        let line = Field::simulate("failed.log").join(" ");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$REPLAY\" {line}");
        let output = shell(field, &script)?;
        let how = format!("files of at most {blocks} blocks of 512 bytes");
        check_end(&output, &how)?;
        kept += check_left(field, &output, FULL, &how)?;
        let script = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$REPLAY\" {}",
            Field::import("failed.log").join(" ")
        );
        check_end(&shell(field, &script)?, &how)?;
        if field.path("failed.log").exists() {
            return Err(format!("{how}: half an import has its final name"));
        }
        field.clean("failed.log")?;
    }
    print(&format!("RLIMIT_FSIZE: 10 runs, {kept} entries kept, lost = 0"));
    Ok(())
}

/// Standard output that takes nothing.
fn full_output(field: &Field) -> Result<(), String> {
    let lines = [
        "cat full.log",
        "info full.log",
        "stats full.log",
        "hashes full.log",
        "verify full.log",
        "state full.log",
        "doctor full.log",
        "run full.log",
    ];
    for line in lines {
        let output = shell(field, &format!("exec \"$REPLAY\" {line} > /dev/full"))?;
        check_end(&output, &format!("{line} > /dev/full"))?;
    }
    let output = shell(field, "exec \"$REPLAY\" cut full.log --to 3 -o /dev/full --force")?;
    check_end(&output, "cut -o /dev/full")?;
    let line = Field::simulate("failed.log").join(" ");
    let output = shell(field, &format!("exec \"$REPLAY\" {line} > /dev/full"))?;
    check_end(&output, "simulate > /dev/full")?;
    check_left(field, &output, FULL, "simulate > /dev/full")?;
    print(&format!("/dev/full: {} runs, exit 73 or 74 each time", lines.len() + 2));
    Ok(())
}

/// A small file system that fills up.
fn mounted(field: &Field, name: &str, kind: &str) -> Result<(), String> {
    let folder = field.path("small");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let status = Command::new("mount")
        .args(["-t", kind, "-o", "size=1m", kind])
        .arg(&folder)
        .stderr(Stdio::null())
        .status();
    if !status.is_ok_and(|status| status.success()) {
        print(&format!("NOT RUN: {name}: mounting needs the superuser"));
        return Ok(());
    }
    let result = (|| {
        // What is left of it is for the recorder: three blocks and a bit.
        File::create(folder.join("ballast"))
            .and_then(|file| file.set_len(0))
            .map_err(|error| error.to_string())?;
        fs::write(folder.join("ballast"), vec![1; 780 << 10]).map_err(|error| error.to_string())?;
        let line = Field::simulate("small/failed.log").join(" ");
        let output = shell(field, &format!("exec \"$REPLAY\" {line}"))?;
        check_end(&output, name)?;
        take(&folder, field)?;
        check_left(field, &output, FULL, name)
    })();
    unmount(&folder);
    print(&format!("{name}: {} entries kept, lost = 0", result?));
    Ok(())
}

/// Copies what a recording left on another file system to the folder where it is checked.
fn take(folder: &Path, field: &Field) -> Result<(), String> {
    for suffix in ["", ".tail"] {
        let name = format!("failed.log{suffix}");
        let from = folder.join(&name);
        if from.exists() {
            fs::copy(&from, field.path(&name)).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

fn unmount(folder: &Path) {
    let _ = Command::new("umount").arg(folder).stderr(Stdio::null()).status();
}

/// The power is lost: the image of a mounted file system is copied while a recorder works on it, and
/// the copy is mounted, which replays its journal.
fn power(field: &Field) -> Result<(), String> {
    const NAME: &str = "power cut of an ext4 image";
    let (image, copy) = (field.path("image"), field.path("image.copy"));
    let (live, dead) = (field.path("live"), field.path("dead"));
    for folder in [&live, &dead] {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    File::create(&image)
        .and_then(|file| file.set_len(8 << 20))
        .map_err(|error| error.to_string())?;
    let done = |program: &str, arguments: &[&PathBuf], words: &[&str]| {
        let mut command = Command::new(program);
        command.args(words).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !done("mkfs.ext4", &[&image], &["-q", "-F"])
        || !done("mount", &[&image, &live], &["-o", "loop"])
    {
        print(&format!("NOT RUN: {NAME}: it needs mkfs.ext4, loop devices and the superuser"));
        return Ok(());
    }
    let cuts = 12;
    let result = (1..=cuts).try_fold(0, |kept, cut| {
        let mut child = field.spawn(&Field::simulate("live/failed.log"))?;
        let mut stdout = child.stdout.take().ok_or("no standard output")?;
        // So many lines are read, and no more: whatever they say was durable before the copy.
        let acknowledged = lines(&mut stdout, 7 * cut);
        fs::copy(&image, &copy).map_err(|error| error.to_string())?;
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        if !done("mount", &[&copy, &dead], &["-o", "loop"]) {
            return Err(format!("{NAME}: the copy cannot be mounted"));
        }
        let taken = take(&dead, field);
        unmount(&dead);
        taken?;
        let left = field
            .check("failed.log", FULL, acknowledged)
            .map_err(|error| format!("{NAME}: {error}"))?;
        field.clean("failed.log")?;
        for name in ["failed.log", "failed.log.tail", "failed.log.note"] {
            let _ = fs::remove_file(live.join(name));
        }
        Ok(kept + left.entries)
    });
    unmount(&live);
    print(&format!("{NAME}: {cuts} cuts, {} entries kept, lost = 0", result?));
    Ok(())
}

/// The entry of the n-th line, or of the last one.
fn lines(stdout: &mut dyn std::io::Read, count: u32) -> u64 {
    let (mut text, mut seen, mut byte) = (Vec::new(), 0, [0]);
    while seen < count && stdout.read(&mut byte).is_ok_and(|read| read == 1) {
        text.push(byte[0]);
        seen += u32::from(byte[0] == b'\n');
    }
    acknowledged(&mut &text[..])
}
