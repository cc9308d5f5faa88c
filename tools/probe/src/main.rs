//! `run-probe < REQUEST`: the [library](probe) as a program.

use std::io::{Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut request = String::new();
    let read = std::io::stdin().lock().read_to_string(&mut request);
    let answer = match read {
        Ok(_) => probe::answer(&request),
        Err(error) => format!("[request]\nerror = {error}\n"),
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
