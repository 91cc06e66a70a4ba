//! `fihrist key`: makes, lists and revokes API keys. A running server follows.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::keys::{self, Key, Scope};

/// Make, list and revoke API keys; a running server follows
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Make a key and print it, this once
#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// What the key is good for; may be given several times
    // The least that a key can be for: whoever hands out more says so.
    #[arg(
        long = "scope",
        value_enum,
        value_delimiter = ',',
        default_value = "search",
        value_name = "SCOPE"
    )]
    scopes: Vec<Scope>,

    /// A name to recognise it by
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,

    #[command(flatten)]
    place: Place,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List the keys, without their secrets, which nobody knows
#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    place: Place,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Revoke a key at once
#[derive(Debug, clap::Args)]
struct RevokeArgs {
    /// The id of the key, as `list` shows it
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Place {
    /// Directory of the index
    #[arg(
        long,
        env = "FIHRIST_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

/// Does what was asked; 1 where no key has the id.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.action {
        Action::Create(args) => create(args).map(|()| ExitCode::SUCCESS),
        Action::List(args) => list(&args.place.data, args.json).map(|()| ExitCode::SUCCESS),
        Action::Revoke(args) => revoke(&args),
    }
}

fn create(args: CreateArgs) -> anyhow::Result<()> {
    let (key, secret) = keys::change(&args.place.data, |keys| {
        Ok((keys.create(args.name, args.scopes)?, true))
    })?;
    if args.json {
        let mut shown = as_json(&key);
        shown["key"] = json!(secret.reveal());
        println!("{}", serde_json::to_string_pretty(&shown)?);
    } else {
        eprintln!(
            "key {} for {}; it is shown only this once:",
            key.id,
            in_words(&key.scopes)
        );
        // Alone on standard output, so that a script can take it.
        println!("{}", secret.reveal());
    }
    Ok(())
}

fn list(data: &Path, is_json: bool) -> anyhow::Result<()> {
    let keys = keys::read(data)?;
    if is_json {
        println!(
            "{}",
            serde_json::to_string_pretty(&keys.0.iter().map(as_json).collect::<Vec<_>>())?
        );
    } else if keys.0.is_empty() {
        eprintln!(
            "no keys at `{}`: make one with `fihrist key create`",
            data.display()
        );
    } else {
        for key in &keys.0 {
            println!(
                "{}  {}  {:<20}  {}",
                key.id,
                key.created,
                in_words(&key.scopes),
                key.name.as_deref().unwrap_or("")
            );
        }
    }
    Ok(())
}

fn revoke(args: &RevokeArgs) -> anyhow::Result<ExitCode> {
    // Looked up first: changing keys makes the directory, which may be misspelt.
    let is_there = keys::read(&args.place.data)?
        .0
        .iter()
        .any(|key| key.id == args.id);
    let is_gone = is_there
        && keys::change(&args.place.data, |keys| {
            let is_gone = keys.revoke(&args.id);
            Ok((is_gone, is_gone))
        })?;
    if is_gone {
        eprintln!("key {} is revoked", args.id);
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!(
            "no key has the id `{}`; `fihrist key list` shows those there are",
            args.id
        );
        Ok(ExitCode::from(super::NOT_ALL))
    }
}

fn as_json(key: &Key) -> serde_json::Value {
    json!({"id": key.id, "name": key.name, "scopes": key.scopes, "created": key.created})
}

fn in_words(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(Scope::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A name that fits on a line of the list.
fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        return Err("expected 1 to 100 characters without control characters".to_owned());
    }
    Ok(text.to_owned())
}
