//! Printing to standard output and standard error. The macros replace those of the standard library,
//! which panic if the reader of a pipe has gone, as in `fihrist stats | head -1`.
//!
//! - If the reader of standard output has gone, the process ends quietly: nobody reads the rest.
//! - If standard output cannot be written for another reason, the process ends with exit code 2.
//! - If standard error cannot be written, the work goes on.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

macro_rules! print {
    ($($text:tt)*) => { $crate::output::print(format_args!($($text)*)) };
}

macro_rules! println {
    ($($text:tt)*) => { $crate::output::print(format_args!("{}\n", format_args!($($text)*))) };
}

macro_rules! eprint {
    ($($text:tt)*) => { $crate::output::print_error(format_args!($($text)*)) };
}

macro_rules! eprintln {
    ($($text:tt)*) => { $crate::output::print_error(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints to standard output, or ends the process.
pub fn print(text: Arguments<'_>) {
    let mut output = io::stdout().lock();
    match output.write_fmt(text).and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
        Err(error) => {
            print_error(format_args!(
                "fihrist: cannot write to standard output: {error}\n"
            ));
            process::exit(2)
        }
    }
}

/// Prints to standard error if that is possible.
pub fn print_error(text: Arguments<'_>) {
    let _nobody_to_tell = io::stderr().lock().write_fmt(text);
}
