//! A small file system of its own, for tests of a disk that is full or read-only. It needs root.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted file system. It is unmounted when the test ends.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts a file system of this many MB at a new folder. If that is not possible, the test says
    /// that it is skipped.
    pub fn mount(folder: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).expect("a folder of ours");
        let size = format!("size={megabytes}m");
        let arguments = ["-t", "tmpfs", "-o", &size, "tmpfs"];
        match Command::new("mount").args(arguments).arg(folder).output() {
            Ok(output) if output.status.success() => Some(Self(folder.to_owned())),
            Ok(output) => {
                let reason = String::from_utf8_lossy(&output.stderr);
                super::skip(&format!("cannot mount a file system: {}", reason.trim()));
                None
            }
            Err(error) => {
                super::skip(&format!("cannot run mount: {error}"));
                None
            }
        }
    }

    /// Writes files until the disk has no room left.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("a file of ours");
        while ballast.write_all(&[1; 4_096]).is_ok() {}
    }

    /// Makes room again.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).expect("a file of ours");
    }

    /// Makes the file system read-only, or writable again.
    pub fn set_read_only(&self, is_read_only: bool) {
        let mode = if is_read_only {
            "remount,ro"
        } else {
            "remount,rw"
        };
        let status = Command::new("mount")
            .args(["-o", mode])
            .arg(&self.0)
            .status();
        assert!(status.expect("mount").success(), "{mode}");
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The server may still have files open, so the file system ends when it closes them.
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}
