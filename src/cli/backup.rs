//! `fihrist backup`: writes the index to one file while a server and jobs run. The engine decides
//! what the file contains; this module makes sure that the file is complete or absent.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fihrist_index::backup::{BackedUp, Beside, Manifest, backup};

use super::leftovers::temporary_file;
use super::{DataDir, Interrupt, cannot, folder_of, refuse_cluster, with_bar};
use crate::keys;

/// The name of the key file in an archive.
pub const KEYS: &str = "keys.json";

/// Back up the index to one file; a running server and running jobs are not interrupted
#[derive(clap::Args)]
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
pub fn run(args: &Args) -> Result<bool> {
    refuse_cluster("backup")?;
    let is_stdout = args.file == Path::new("-");
    let name = if is_stdout {
        Path::new("standard output")
    } else {
        &args.file
    };
    let beside = if args.with_keys {
        keys_of(&args.data)?
    } else {
        Vec::new()
    };
    let backed_up = if is_stdout {
        if stdout().is_terminal() {
            bail!("standard output is a terminal: name a file, or pipe the archive into a program");
        }
        write(args, &beside, stdout().lock(), name)?
    } else {
        replace(args, &beside)?
    };
    let report = if args.json {
        serde_json::to_string_pretty(&as_json(&backed_up, &args.file))?
    } else {
        as_text(&backed_up, name)
    };
    if args.json && !is_stdout {
        println!("{report}")
    } else {
        eprintln!("{report}")
    }
    if args.with_keys && beside.is_empty() {
        eprintln!("there are no keys at `{}` to back up", args.data.display());
    }
    Ok(true)
}

/// Writes the archive to a temporary file. The file is renamed to its final name when it is
/// complete and on disk.
fn replace(args: &Args, beside: &[Beside]) -> Result<BackedUp> {
    let file = &args.file;
    let path = fs::canonicalize(file).unwrap_or_else(|_| file.clone());
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        bail!(
            "`{}` exists and is not a file: name a file, or `-` for standard output",
            file.display()
        );
    }
    let folder = folder_of(&path);
    let cannot_write = cannot("write", file);
    // The umask can remove permissions from the mode as well.
    let mode = if args.with_keys { 0o600 } else { 0o666 };
    let mut temporary =
        temporary_file(folder, ".fihrist-backup-", mode).with_context(&cannot_write)?;
    let backed_up = write(args, beside, temporary.as_file_mut(), file)?;
    let persist = || -> io::Result<()> {
        temporary.as_file().sync_all()?;
        temporary.persist(&path)?;
        File::open(folder)?.sync_all()
    };
    persist().with_context(cannot_write)?;
    Ok(backed_up)
}

fn write(args: &Args, beside: &[Beside], out: impl Write, name: &Path) -> Result<BackedUp> {
    let interrupt = Interrupt::start()?;
    let out = (BufWriter::new(out), name);
    with_bar(|bar| backup(&args.data, beside, out, bar, &interrupt.flag))?
        .context("stopped early; there is no archive")
}

/// Returns the key file of a data directory, if there is one. Fails if it is not a valid list of
/// keys.
fn keys_of(data: &Path) -> Result<Vec<Beside>> {
    if keys::read(data)?.0.is_empty() {
        return Ok(Vec::new());
    }
    let path = keys::path(data);
    let content = fs::read(&path).with_context(cannot("read", &path))?;
    Ok(vec![Beside {
        name: KEYS.to_owned(),
        content,
    }])
}

fn as_text(backed_up: &BackedUp, name: &Path) -> String {
    let manifest = &backed_up.manifest;
    let left_out = backed_up.left_out.iter().map(|(name, what)| {
        format!(
            "`{name}` was left out, because it is damaged: {what}; the index works without it\n"
        )
    });
    let done = format!(
        "backed up {} articles, generation {}, in {:.1} s: {:.1} MB as {:.1} MB to {}",
        manifest.articles,
        manifest.generation,
        backed_up.elapsed.as_secs_f64(),
        manifest.size_bytes() as f64 / 1e6,
        backed_up.archive_bytes as f64 / 1e6,
        name.display(),
    );
    left_out.chain([done]).collect()
}

fn as_json(backed_up: &BackedUp, file: &Path) -> serde_json::Value {
    let manifest = &backed_up.manifest;
    serde_json::json!({
        "file": file.display().to_string(),
        "articles": manifest.articles,
        "generation": manifest.generation,
        "analysis_version": manifest.analysis,
        "files": manifest.files.len(),
        "size_bytes": manifest.size_bytes(),
        "archive_bytes": backed_up.archive_bytes,
        "with_keys": has_keys(manifest),
        "left_out": backed_up.left_out.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "elapsed_ms": backed_up.elapsed.as_millis() as u64,
    })
}

/// Whether an archive contains keys.
pub fn has_keys(manifest: &Manifest) -> bool {
    manifest.beside.iter().any(|file| file.name == KEYS)
}
