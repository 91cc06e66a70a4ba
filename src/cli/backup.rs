//! `fihrist backup`: writes the index to one file while a server and jobs run. The engine decides
//! what the file contains; this module makes sure that the file is complete or absent.

use std::fs::{self, File, Permissions};
use std::io::{BufWriter, IsTerminal, Write, stdout};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use fihrist_index::backup::{BackedUp, Beside};

use super::bar::Bar;
use super::data_dir::DataDir;
use super::interrupt::Interrupt;
use crate::config::refuse_cluster;
use crate::keys;

/// The name of the key file in an archive.
pub const KEYS: &str = "keys.json";

/// Back up the index to one file; a running server and running jobs are not interrupted
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to write, such as `fihrist.tar.zst`; `-` is standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    data: DataDir,

    /// Back up the API keys as well; only the owner can then read the file
    // Off by default: an archive goes to other machines and other people. A restored archive would
    // bring back its keys, including revoked ones. New keys are quickly created.
    #[arg(long)]
    with_keys: bool,

    /// Print the report as JSON; on standard error if the archive goes to standard output
    #[arg(long)]
    json: bool,
}

/// Writes the backup and prints the report.
pub fn run(args: &Args) -> anyhow::Result<()> {
    refuse_cluster("backup")?;
    let is_stdout = args.file == Path::new("-");
    let beside = if args.with_keys {
        keys_of(&args.data)?
    } else {
        Vec::new()
    };
    let work = Work {
        data: &args.data,
        beside: &beside,
    };
    let backed_up = if is_stdout {
        if stdout().is_terminal() {
            bail!("standard output is a terminal: name a file, or pipe the archive into a program");
        }
        work.write(
            BufWriter::new(stdout().lock()),
            Path::new("standard output"),
        )?
    } else {
        work.replace(&args.file, if args.with_keys { 0o600 } else { 0o666 })?
    };
    let report = if args.json {
        serde_json::to_string_pretty(&as_json(&backed_up, &args.file))?
    } else {
        as_text(&backed_up, &args.file)
    };
    if args.json && !is_stdout {
        println!("{report}")
    } else {
        eprintln!("{report}")
    }
    if args.with_keys && beside.is_empty() {
        eprintln!("there are no keys at `{}` to back up", args.data.display());
    }
    Ok(())
}

/// What a backup consists of: the index of a data directory, and other files such as the keys.
struct Work<'a> {
    data: &'a Path,
    beside: &'a [Beside],
}

impl Work<'_> {
    /// Writes the archive to a temporary file. The file is renamed to its final name when it is
    /// complete and on disk.
    fn replace(&self, file: &Path, mode: u32) -> anyhow::Result<BackedUp> {
        let path = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            bail!(
                "`{}` exists and is not a file: name a file, or `-` for standard output",
                file.display()
            );
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let cannot_write = || format!("cannot write `{}`", file.display());
        // The umask can remove permissions from `mode` as well.
        let mut temporary = tempfile::Builder::new()
            .prefix(".fihrist-backup-")
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(folder)
            .with_context(cannot_write)?;
        let backed_up = self.write(BufWriter::new(temporary.as_file_mut()), file)?;
        temporary.as_file().sync_all().with_context(cannot_write)?;
        temporary
            .persist(&path)
            .map_err(|error| error.error)
            .with_context(cannot_write)?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .with_context(cannot_write)?;
        Ok(backed_up)
    }

    fn write(&self, out: impl Write, name: &Path) -> anyhow::Result<BackedUp> {
        let cancel = Arc::new(AtomicBool::new(false));
        let _interrupt = Interrupt::sets(Arc::clone(&cancel))?;
        let bar = Bar::new();
        let outcome =
            fihrist_index::backup::backup(self.data, self.beside, (out, name), &bar, &cancel);
        bar.clear();
        outcome?.context("stopped early; there is no archive")
    }
}

/// Returns the key file of a data directory, if there is one. Fails if it is not a valid list of
/// keys.
fn keys_of(data: &Path) -> anyhow::Result<Vec<Beside>> {
    let path = keys::path(data);
    if keys::read(data)?.0.is_empty() {
        return Ok(Vec::new());
    }
    let content = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(vec![Beside {
        name: KEYS.to_owned(),
        content,
    }])
}

fn as_text(
    BackedUp {
        manifest,
        archive_bytes,
        elapsed,
    }: &BackedUp,
    file: &Path,
) -> String {
    let place = if file == Path::new("-") {
        "standard output".to_owned()
    } else {
        file.display().to_string()
    };
    format!(
        "backed up {} articles, generation {}, in {:.1} s: {:.1} MB as {:.1} MB to {place}",
        manifest.articles,
        manifest.generation,
        elapsed.as_secs_f64(),
        manifest.size_bytes() as f64 / 1e6,
        *archive_bytes as f64 / 1e6,
    )
}

fn as_json(
    BackedUp {
        manifest,
        archive_bytes,
        elapsed,
    }: &BackedUp,
    file: &Path,
) -> serde_json::Value {
    serde_json::json!({
        "file": file.display().to_string(),
        "articles": manifest.articles,
        "generation": manifest.generation,
        "analysis_version": manifest.analysis,
        "files": manifest.files.len(),
        "size_bytes": manifest.size_bytes(),
        "archive_bytes": archive_bytes,
        "with_keys": manifest.beside.iter().any(|file| file.name == KEYS),
        "elapsed_ms": elapsed.as_millis() as u64,
    })
}
