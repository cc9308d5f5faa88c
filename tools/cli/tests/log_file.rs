//! Logs as files hold them: plain and compacted ones are read alike.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::Read;
use std::path::Path;

use cli::{Exit, LogFile, open_log, open_rescued, open_source, tail_path};
use kernel::{ClientId, Command, Venue};
use replay::packed::{LEVEL, pack};
use replay::source::Source;
use replay::{Genesis, ReadLimits, Reader, Recorder, SyncPolicy};

/// A log of three blocks, plain and compacted, with its bytes.
fn files(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf, Vec<u8>) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for number in 0..30_000 {
        recorder.submit(Command::MassCancel { client: ClientId(number % 97) }).unwrap();
    }
    recorder.finish().unwrap();
    let (plain, packed) = (folder.join("a.log"), folder.join("a.packed"));
    fs::write(&plain, &log).unwrap();
    let reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).unwrap();
    pack(reader, fs::File::create(&packed).unwrap(), LEVEL).unwrap();
    (plain, packed, log)
}

#[test]
fn both_kinds_give_the_plain_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed, bytes) = files(folder.path());
    for (path, is_packed) in [(&plain, false), (&packed, true)] {
        let (mut log, tail) = open_source(path).unwrap();
        assert_eq!((log.is_packed(), tail), (is_packed, Vec::new()));
        assert_eq!(matches!(&log, LogFile::Packed(_)), is_packed);
        assert_eq!(log.size().unwrap(), bytes.len() as u64);
        assert_eq!(log.file_bytes().unwrap(), fs::metadata(path).unwrap().len());
        // Reading at a place moves nothing.
        let mut buffer = vec![0; 70_000];
        for at in [0, 3, 65_000, bytes.len() - 70_000] {
            assert_eq!(log.read_all_at(at as u64, &mut buffer).unwrap(), buffer.len());
            assert!(buffer == bytes[at..at + buffer.len()], "{}", path.display());
        }
        let mut read = Vec::new();
        log.read_to_end(&mut read).unwrap();
        assert!(read == bytes, "{}", path.display());
        let mut reader = open_log(path, ReadLimits::DEFAULT).unwrap();
        while reader.next_block().unwrap().is_some() {}
        assert!(reader.is_ended() && reader.entries() == 30_001);
        let rescued = open_rescued(path).unwrap();
        assert!(rescued.cut.is_none() && rescued.log.is_packed() == is_packed);
    }
}

#[test]
fn files_shorter_than_a_magic_are_no_logs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short");
    for bytes in [&b""[..], b"\x89REP", b"\x89REPL\r\n", b"no log at all"] {
        fs::write(&path, bytes).unwrap();
        let failure = open_log(&path, ReadLimits::DEFAULT).unwrap_err();
        assert_eq!(failure.exit, Exit::Damaged);
        let (mut log, _) = open_source(&path).unwrap();
        let mut read = Vec::new();
        log.read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }
}

#[test]
fn what_a_cut_container_lost_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (_, packed, log) = files(folder.path());
    let bytes = fs::read(&packed).unwrap();
    fs::write(tail_path(&packed), "tail").unwrap();
    fs::write(&packed, &bytes[..bytes.len() - 100]).unwrap();
    let failure = open_source(&packed).unwrap_err();
    assert_eq!(failure.exit, Exit::Damaged);
    assert!(failure.hint.expect("a hint").starts_with("keep what is good: replay recover "));
    let rescued = open_rescued(&packed).unwrap();
    assert_eq!(rescued.tail, b"tail");
    let cut = rescued.cut.expect("it is cut");
    assert!(cut.error.is_cut() && cut.good < bytes.len() as u64 - 100);
    let mut kept = Vec::new();
    replay::Stream::new(&rescued.log, 0).read_to_end(&mut kept).unwrap();
    assert!(log.starts_with(&kept) && 65_536 < kept.len() && kept.len() < log.len());
}
