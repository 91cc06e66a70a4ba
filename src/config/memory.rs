//! The limit of the server's memory: from the setting, or from the control group of the process.

use std::fs;
use std::path::{Path, PathBuf};

use super::number_and_unit;

/// The setting `--memory-limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryLimit {
    /// No limit.
    Off,
    /// A limit in bytes.
    Bytes(usize),
}

/// The part of a control group's limit that the server does not use, as a divisor: mapped files of
/// the index, buffers of sockets and the allocator need it.
const RESERVE: usize = 4;

/// Returns the limit in bytes; `None` if there is none.
pub fn memory_limit(setting: Option<MemoryLimit>) -> Option<usize> {
    match setting {
        Some(MemoryLimit::Off) => None,
        Some(MemoryLimit::Bytes(bytes)) => Some(bytes),
        None => of_control_group().map(|bytes| bytes - bytes / RESERVE),
    }
}

/// Parses a limit. A number without a unit is in megabytes.
pub fn parse(text: &str) -> Result<MemoryLimit, &'static str> {
    const EXPECTED: &str = "expected a number of megabytes, as in 900, or 900MiB, 2GiB or off";
    if text.trim().eq_ignore_ascii_case("off") {
        return Ok(MemoryLimit::Off);
    }
    let (number, unit) = number_and_unit(text, EXPECTED)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(EXPECTED),
    };
    let bytes = number.checked_mul(factor).map(usize::try_from);
    match bytes {
        Some(Ok(bytes)) if bytes >= MIN_BYTES => Ok(MemoryLimit::Bytes(bytes)),
        Some(Ok(_)) => Err("expected at least 64 megabytes"),
        Some(Err(_)) | None => Err("expected a smaller number"),
    }
}

/// A server with a small index takes about this much memory.
const MIN_BYTES: usize = 64 << 20;

/// Returns the least limit of the control groups of this process; `None` if there is none.
fn of_control_group() -> Option<usize> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    least_limit(&groups, Path::new("/sys/fs/cgroup"))
}

/// Returns the least limit of some control groups and the groups that contain them. `groups` is the
/// content of `/proc/self/cgroup`; the files of the groups are below `root`.
fn least_limit(groups: &str, root: &Path) -> Option<usize> {
    let limits = groups.lines().flat_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next(), parts.next().unwrap_or_default());
        let (folder, file) = match controllers {
            Some("") => (root.to_owned(), "memory.max"),
            Some("memory") => (root.join("memory"), "memory.limit_in_bytes"),
            Some(_) | None => return Vec::new(),
        };
        let own = folder.join(path.trim_start_matches('/'));
        let ancestors = own
            .ancestors()
            .map(Path::to_owned)
            .collect::<Vec<PathBuf>>();
        let within = ancestors
            .into_iter()
            .filter(|group| group.starts_with(&folder));
        let limits = within.filter_map(|group| fs::read_to_string(group.join(file)).ok());
        limits
            .filter_map(|limit| limit.trim().parse::<usize>().ok())
            .collect()
    });
    // Version 1 writes a number close to the greatest one if there is no limit.
    limits.min().filter(|limit| *limit < 1 << 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_limits() {
        let check = |text: &str, expected: Option<MemoryLimit>| {
            assert_eq!(parse(text).ok(), expected, "{text}");
        };
        check("900", Some(MemoryLimit::Bytes(900 << 20)));
        check("900MiB", Some(MemoryLimit::Bytes(900 << 20)));
        check("2g", Some(MemoryLimit::Bytes(2 << 30)));
        check("off", Some(MemoryLimit::Off));
        for wrong in ["", "much", "10", "900kB", "-900", "99999999999999999999"] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_control_group_limits_what_is_in_it() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, limit: &str| {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, limit).unwrap();
        };
        write("a/memory.max", "1000\n");
        write("a/b/memory.max", "max\n");
        write("memory/c/memory.limit_in_bytes", "500\n");
        write("memory/memory.limit_in_bytes", "9223372036854771712\n");
        let check = |groups: &str, expected: Option<usize>| {
            assert_eq!(least_limit(groups, root.path()), expected, "{groups}");
        };
        check("0::/a/b\n", Some(1_000));
        check("0::/gone\n", None);
        check("4:memory:/c\n1:cpu:/a\n", Some(500));
        check("4:memory:/\n", None);
        check("", None);
    }
}
