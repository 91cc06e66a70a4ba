//! The file of the keys, beside the index. It is read and replaced as a whole, and only its owner
//! may read it. Its last line is a checksum, because a changed byte could change what a key permits.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Key, Keys};

const FILE: &str = "keys.json";
const LOCK: &str = "keys.lock";

/// The version of the format. A file of a later version is refused, because it may contain data
/// that this binary must not ignore.
const VERSION: u32 = 2;

/// The version whose files have no checksum.
const UNCHECKED_VERSION: u32 = 1;

/// The start of the last line, which has the SHA-256 of the lines before.
const CHECKSUM: &str = "#sha256 ";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    keys: Vec<Key>,
}

/// Returns the path of the key file of a data directory.
pub fn path(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// Reads the keys of a data directory; returns no keys if there is no file.
pub fn read(data: &Path) -> Result<Keys> {
    let path = path(data);
    match fs::read(&path) {
        Ok(bytes) => {
            parse(&bytes).with_context(|| format!("cannot use the keys in `{}`", path.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Keys::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Changes the keys of a data directory, which is created if it does not exist. Concurrent changes
/// run one after the other. If `change` returns false, nothing is written.
pub fn change<T>(data: &Path, change: impl FnOnce(&mut Keys) -> Result<(T, bool)>) -> Result<T> {
    create_folder(data).with_context(|| format!("cannot create `{}`", data.display()))?;
    let lock = data.join(LOCK);
    let locked = owned()
        .open(&lock)
        .and_then(|file| file.lock().map(|()| file));
    let _held_until_written =
        locked.with_context(|| format!("cannot lock `{}`", lock.display()))?;
    let mut keys = read(data)?;
    let (outcome, has_changed) = change(&mut keys)?;
    if has_changed {
        write(&path(data), keys)?;
    }
    Ok(outcome)
}

/// Parses the content of a key file.
pub fn parse(bytes: &[u8]) -> Result<Keys> {
    let text = str::from_utf8(bytes).context("it is damaged")?;
    let at = text.rfind(CHECKSUM).unwrap_or(text.len());
    let (json, checksum) = text.split_at(at);
    if !checksum.is_empty() && checksum != checksum_line(json) {
        bail!("it is damaged: it does not match its checksum");
    }
    let Content { version, keys } = serde_json::from_str(json).context("it is damaged")?;
    match version {
        VERSION if checksum.is_empty() => bail!("it is damaged: it has no checksum"),
        VERSION | UNCHECKED_VERSION => Ok(Keys(keys)),
        _ => bail!("it has version {version}, but this binary supports version {VERSION}"),
    }
}

fn checksum_line(json: &str) -> String {
    format!("{CHECKSUM}{}\n", hex::encode(Sha256::digest(json)))
}

/// Replaces the file atomically: a reader sees either the old keys or the new ones.
fn write(path: &Path, keys: Keys) -> Result<()> {
    let content = Content {
        version: VERSION,
        keys: keys.0,
    };
    let json = serde_json::to_string_pretty(&content).context("cannot encode the keys")? + "\n";
    let text = format!("{json}{}", checksum_line(&json));
    let temporary = path.with_extension("json.tmp");
    let replace = || {
        let mut file = owned().truncate(true).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), sync_folder)
    };
    let replaced = replace();
    if replaced.is_err() {
        // An incomplete file would take room on a full disk.
        let _may_not_exist = fs::remove_file(&temporary);
    }
    replaced.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Creates the data folder if it does not exist, so that it survives a loss of power.
fn create_folder(data: &Path) -> io::Result<()> {
    if data.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(data)?;
    data.canonicalize()?.parent().map_or(Ok(()), sync_folder)
}

/// Makes the entries of a folder survive a loss of power.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Opens a file for writing that only its owner may read.
fn owned() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use proptest::prelude::*;

    use super::*;
    use crate::keys::Scope;

    #[test]
    fn keys_survive_the_file_and_only_their_hashes_are_in_it() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path().join("new");
        assert_eq!(read(&data).unwrap(), Keys::default());
        let (key, secret) = change(&data, |keys| {
            Ok((keys.create(None, vec![Scope::Ingest])?, true))
        })
        .unwrap();
        assert_eq!(read(&data).unwrap(), Keys(vec![key.clone()]));
        let text = fs::read_to_string(path(&data)).unwrap();
        assert!(!text.contains(&secret.reveal()[4..]), "{text}");
        assert_eq!(
            fs::metadata(path(&data)).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(change(&data, |keys| Ok((keys.revoke(&key.id), false))).unwrap());
        assert_eq!(read(&data).unwrap().0.len(), 1, "nothing was to be written");
    }

    #[test]
    fn changes_at_the_same_time_are_all_kept() {
        let data = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    change(data.path(), |keys| {
                        Ok((keys.create(None, vec![Scope::Search])?, true))
                    })
                    .unwrap()
                });
            }
        });
        assert_eq!(read(data.path()).unwrap().0.len(), 8);
    }

    #[test]
    fn a_file_that_cannot_be_understood_opens_nothing() {
        let key = format!(
            r#"{{"id": "1", "scopes": ["ingest"], "created": "2024-01-01T00:00:00Z", "sha256": "{}"}}"#,
            "a".repeat(64)
        );
        let check = |text: &str, expected: &str| {
            let outcome = parse(text.as_bytes()).map(|keys| keys.0.len());
            match outcome {
                Ok(count) => assert_eq!(format!("{count} keys"), expected, "{text}"),
                Err(error) => assert!(format!("{error:#}").contains(expected), "{text}: {error:#}"),
            }
        };
        check(&format!(r#"{{"version": 1, "keys": [{key}]}}"#), "1 keys");
        check(r#"{"version": 1, "keys": []}"#, "0 keys");
        check(
            r#"{"version": 3, "keys": []}"#,
            "it has version 3, but this binary supports version 2",
        );
        check(r#"{"version": 2, "keys": []}"#, "it has no checksum");
        check(
            "{\"version\": 1, \"keys\": []}\n#sha256 0\n",
            "does not match its checksum",
        );
        check("", "damaged");
        check("[]", "damaged");
        check(r#"{"version": 1}"#, "missing field `keys`");
        check(
            &format!(
                r#"{{"version": 1, "keys": [{}]}}"#,
                key.replace("ingest", "everything")
            ),
            "unknown variant",
        );
        check(
            &format!(r#"{{"version": 1, "keys": [{}]}}"#, key.replace("aaaa", "")),
            "64 hexadecimal digits",
        );
        check(
            &format!(
                r#"{{"version": 1, "keys": [{}]}}"#,
                key.replace("\"id\"", "\"expires\"")
            ),
            "unknown field",
        );
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let data = tempfile::tempdir().unwrap();
        change(data.path(), |keys| {
            Ok((
                keys.create(Some("هند".to_owned()), vec![Scope::Ingest])?,
                true,
            ))
        })
        .unwrap();
        let whole = fs::read(path(data.path())).unwrap();
        assert_eq!(parse(&whole).unwrap().0.len(), 1);
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                assert!(parse(&flipped).is_err(), "byte {at}, bit {bit}");
            }
            assert!(parse(&whole[..at]).is_err(), "cut at byte {at}");
        }
    }

    proptest! {
        #[test]
        fn any_file_is_keys_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _no_panic = parse(&bytes);
        }
    }
}
