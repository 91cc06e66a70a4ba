//! `fihrist restore`: restores an index from an archive of `fihrist backup`. The index is replaced
//! only after the whole archive is verified. A running server follows.

use std::env;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, bail};
use fihrist_index::backup::{Manifest, Restore, Restored, rehearse};
use fihrist_index::{Error, Location};

use super::backup::{KEYS, has_keys};
use super::leftovers::TemporaryFolder;
use super::report::{rebuild_as_json, rebuild_as_text};
use super::{
    DataDir, Interrupt, WaitArgs, cannot, folder_of, print_json, refuse_cluster, with_bar,
};
use crate::keys::{self, Keys};

const STOPPED: &str = "stopped early; nothing was changed";

/// Restore the index from a backup; a running server follows
#[derive(clap::Args)]
pub struct Args {
    /// The archive; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    data: DataDir,

    #[command(flatten)]
    wait: WaitArgs,

    /// Replace the existing index, after the archive is verified
    #[arg(long)]
    force: bool,

    /// Replace the existing API keys with those of the archive
    // Off by default: keys that were revoked after the backup would work again.
    #[arg(long)]
    with_keys: bool,

    /// Restore the archive into a temporary folder beside the index, check all of it, and remove the
    /// folder; the index is not changed
    #[arg(long, conflicts_with_all = ["force", "with_keys"])]
    dry_run: bool,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Restores the index and prints the report. Returns false if keys were requested but the archive
/// contains none.
pub fn run(args: &Args) -> Result<bool> {
    refuse_cluster("restore")?;
    let interrupt = Interrupt::start()?;
    if args.dry_run {
        let manifest = try_out(args, &interrupt.flag)?.context("stopped early")?;
        if args.json {
            print_json(&contents_as_json(&manifest))?;
        } else {
            eprintln!(
                "the archive is complete and can be restored: {}; nothing was changed",
                contents_as_text(&manifest)
            );
        }
        return Ok(true);
    }
    let restore = unpack(args, &interrupt.flag)?.context(STOPPED)?;
    let keys = keys_of(args, &restore)?;
    if restore.needs_rebuild() && !args.json {
        eprintln!(
            "the archive has another version ({}); its articles are indexed again",
            versions(restore.manifest())
        );
    }
    let has_keys = restore.beside(KEYS).is_some();
    let restored = with_bar(|bar| restore.finish(bar, &interrupt.flag))?.context(STOPPED)?;
    let key_count = keys.as_ref().map(|keys| keys.0.len());
    if let Some(restored_keys) = keys {
        keys::change(&args.data, |keys| {
            *keys = restored_keys;
            Ok(((), true))
        })
        .context("the index is restored, but its keys are not")?;
    }
    if args.json {
        print_json(&as_json(&restored, key_count))?;
    } else {
        eprintln!("{}", as_text(&restored, args, key_count, has_keys));
    }
    let lacks_keys = args.with_keys && !has_keys;
    if lacks_keys {
        eprintln!(
            "the archive contains no keys; the keys at `{}` are unchanged",
            args.data.display()
        );
    }
    Ok(!lacks_keys)
}

/// Restores the archive into a temporary folder, if possible on the file system of the index, and
/// checks it.
fn try_out(args: &Args, cancel: &AtomicBool) -> Result<Option<Manifest>> {
    let archive = open(&args.file)?;
    let mut data: &Path = &args.data;
    while !data.is_dir() {
        data = folder_of(data);
    }
    // The index may be on a read-only volume.
    let folders = [data, folder_of(&args.file), &env::temp_dir()];
    let new_folder = |folder: &Path| TemporaryFolder::new(folder, ".fihrist-restore-");
    let scratch = folders
        .into_iter()
        .find_map(|folder| new_folder(folder).ok());
    let scratch = match scratch {
        Some(scratch) => scratch,
        None => new_folder(data).with_context(cannot("create a temporary folder in", data))?,
    };
    Ok(with_bar(|bar| {
        rehearse(archive, &scratch.path(), bar, cancel)
    })?)
}

/// Unpacks and verifies the archive beside the existing index.
fn unpack(args: &Args, cancel: &AtomicBool) -> Result<Option<Restore>> {
    // An unreadable file is reported before the wait.
    let mut archive = Some(open(&args.file)?);
    let location = Location::from(&*args.data);
    let outcome = args.wait.in_turn(&location, cancel, || {
        // Standard input can be read only once, so a second attempt finds it empty.
        let archive = match archive.take() {
            Some(archive) => archive,
            None => open(&args.file).map_err(|error| Error::Invalid(format!("{error:#}")))?,
        };
        with_bar(|bar| Restore::unpack(&args.data, archive, args.force, bar, cancel))
    });
    Ok(outcome?)
}

fn open(file: &Path) -> Result<Box<dyn Read>> {
    if file == Path::new("-") {
        return Ok(Box::new(stdin().lock()));
    }
    let archive = File::open(file).with_context(cannot("open", file))?;
    if archive.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        bail!("`{}` is a folder: name the archive", file.display());
    }
    Ok(Box::new(archive))
}

/// Returns the keys of the archive, or `None` if they are not requested or the archive has none.
/// Fails if they are invalid, before anything is changed.
fn keys_of(args: &Args, restore: &Restore) -> Result<Option<Keys>> {
    let Some(bytes) = restore.beside(KEYS).filter(|_| args.with_keys) else {
        return Ok(None);
    };
    keys::read(&args.data)?;
    keys::parse(bytes)
        .context("cannot use the keys in the archive; nothing was changed")
        .map(Some)
}

fn contents_as_text(manifest: &Manifest) -> String {
    let keys = if has_keys(manifest) {
        ", with keys"
    } else {
        ""
    };
    format!(
        "{} articles{keys}, {:.1} MB, backed up at {} from generation {} ({})",
        manifest.articles,
        manifest.size_bytes() as f64 / 1e6,
        manifest.created,
        manifest.generation,
        versions(manifest),
    )
}

fn versions(manifest: &Manifest) -> String {
    format!(
        "fihrist {}, schema version {}, analysis version {}",
        manifest.fihrist, manifest.schema, manifest.analysis
    )
}

fn contents_as_json(manifest: &Manifest) -> serde_json::Value {
    serde_json::json!({
        "articles": manifest.articles,
        "generation": manifest.generation,
        "created": manifest.created,
        "fihrist": manifest.fihrist,
        "schema_version": manifest.schema,
        "analysis_version": manifest.analysis,
        "size_bytes": manifest.size_bytes(),
        "with_keys": has_keys(manifest),
    })
}

fn as_text(restored: &Restored, args: &Args, key_count: Option<usize>, has_keys: bool) -> String {
    let place = restored
        .replaced
        .as_ref()
        .map(|old| format!(" in place of {old}"))
        .unwrap_or_default();
    let mut lines = vec![format!(
        "restored {} articles into {} as generation {}{place}, from the backup of {}, in {:.1} s",
        restored.manifest.articles,
        args.data.display(),
        restored.generation,
        restored.manifest.created,
        restored.elapsed.as_secs_f64(),
    )];
    lines.extend(restored.rebuilt.as_ref().map(rebuild_as_text));
    match key_count {
        Some(1) => lines.push("1 key restored".to_owned()),
        Some(count) => lines.push(format!("{count} keys restored")),
        None if has_keys => lines.push(
            "the keys of the archive were not restored; `--with-keys` restores them".to_owned(),
        ),
        None => {}
    }
    lines.join("\n")
}

fn as_json(restored: &Restored, key_count: Option<usize>) -> serde_json::Value {
    serde_json::json!({
        "articles": restored.manifest.articles,
        "generation": restored.generation,
        "replaced": restored.replaced,
        "created": restored.manifest.created,
        "rebuilt": restored.rebuilt.as_ref().map(rebuild_as_json),
        "keys": key_count,
        "elapsed_ms": restored.elapsed.as_millis() as u64,
    })
}
