//! What every program does around its commands: it reads its arguments, and says what failed.

use std::io::Write;

use clap::Parser;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::shown::shown;

/// Reads the arguments and carries them out. What fails is said on standard error, after the program's
/// name.
pub fn program<T: Parser>(name: &str, run: impl FnOnce(&T) -> Result<Exit, Failure>) -> Exit {
    let args = match T::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let printed = error.print().map_err(Output::failure);
            return match printed {
                // Where not even an error can be shown there is nobody to tell.
                _ if error.use_stderr() => Exit::Usage,
                Ok(()) => Exit::Ok,
                Err(failure) => end(name, &failure),
            };
        }
    };
    run(&args).unwrap_or_else(|failure| end(name, &failure))
}

fn end(name: &str, failure: &Failure) -> Exit {
    // The next program of a pipe has seen enough: nobody asked for more.
    if failure.exit != Exit::Ok {
        let failure = failure.to_string();
        let _ = writeln!(std::io::stderr(), "{name}: {}", shown(&failure));
    }
    failure.exit
}
