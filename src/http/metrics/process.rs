//! Values of the process from `/proc`, under the names that the official Prometheus clients use.
//! Without `/proc`, they are omitted.

use std::fs;

use super::Exposition;

/// Clock ticks per second in `/proc/self/stat`, the same on all current Linux systems.
const TICKS_A_SECOND: f64 = 100.0;

/// Some of the values of `/proc/self/stat`.
#[derive(Debug, PartialEq)]
struct ProcessStat {
    cpu_seconds: f64,
    /// The start of the process, in seconds since the system was started.
    start_seconds: f64,
    threads: u64,
}

/// Writes the metrics of the process.
pub fn write(text: &mut Exposition) {
    let read = |name: &str| fs::read_to_string(format!("/proc/{name}")).unwrap_or_default();
    if let Some(stat) = parse_stat(&read("self/stat")) {
        text.family(
            "process_cpu_seconds_total",
            "counter",
            "CPU time used by the process, in seconds.",
            [("", stat.cpu_seconds)],
        );
        let help = "Number of threads of the process.";
        text.gauge("process_threads", help, stat.threads);
        if let Some(booted) = field_of(&read("stat"), "btime") {
            let help = "Start time of the process, in seconds since 1970.";
            let started = booted as f64 + stat.start_seconds;
            text.gauge("process_start_time_seconds", help, started);
        }
    }
    let status = read("self/status");
    if let Some(kilobytes) = field_of(&status, "VmRSS:") {
        let help = "Resident memory in bytes, including mapped files.";
        text.gauge("process_resident_memory_bytes", help, kilobytes * 1_024);
    }
    if let Some(kilobytes) = field_of(&status, "VmSize:") {
        let help = "Virtual memory in bytes.";
        text.gauge("process_virtual_memory_bytes", help, kilobytes * 1_024);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        let help = "Number of open files and sockets.";
        // The count includes the folder `/proc/self/fd`, which is open while it is read.
        text.gauge("process_open_fds", help, open.count().saturating_sub(1));
    }
    if let Some(most) = field_of(&read("self/limits"), "Max open files") {
        let help = "Maximum number of open files and sockets.";
        text.gauge("process_max_fds", help, most);
    }
}

/// Returns the first number after a name at the start of a line.
fn field_of(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Parses `/proc/self/stat`. Its second field is a name in brackets that may contain any character.
fn parse_stat(stat: &str) -> Option<ProcessStat> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(ProcessStat {
        cpu_seconds: (ticks(11)? + ticks(12)?) / TICKS_A_SECOND,
        threads: fields.get(17)?.parse().ok()?,
        start_seconds: ticks(19)? / TICKS_A_SECOND,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_kernel_writes() {
        let stat = "71 (a) name (b) S 1 71 71 0 -1 4194560 900 0 3 0 150 50 0 0 20 0 9 0 12345 1000 200 18446744";
        assert_eq!(
            parse_stat(stat),
            Some(ProcessStat {
                cpu_seconds: 2.0,
                start_seconds: 123.45,
                threads: 9
            })
        );
        assert_eq!((parse_stat(""), parse_stat("7 (x) S 1")), (None, None));
        assert_eq!(
            field_of("VmPeak:\t 9 kB\nVmRSS:\t  2048 kB\n", "VmRSS:"),
            Some(2_048)
        );
        assert_eq!(
            field_of("Max open files   1024   4096   files\n", "Max open files"),
            Some(1_024)
        );
        assert_eq!(
            field_of("Max open files   unlimited\n", "Max open files"),
            None
        );
    }

    #[test]
    fn this_process_takes_something() {
        let mut text = Exposition::default();
        write(&mut text);
        let text = text.finish();
        for name in [
            "process_cpu_seconds_total ",
            "process_resident_memory_bytes ",
            "process_open_fds ",
        ] {
            assert!(text.lines().any(|line| line.starts_with(name)), "{text}");
        }
    }
}
