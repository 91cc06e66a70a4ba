//! `fihrist key`: creates, lists and revokes API keys. A running server applies the changes.

use anyhow::Result;
use serde_json::json;

use super::{DataDir, print_json};
use crate::keys::{self, Key, Scope};

/// Create, list and revoke API keys; a running server applies the changes
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Create a key and print it; it is shown only once
#[derive(clap::Args)]
struct CreateArgs {
    /// What the key permits; may be given several times
    // The default is the weakest scope. Stronger scopes must be requested.
    #[arg(
        long = "scope",
        value_enum,
        value_delimiter = ',',
        default_value = "search",
        value_name = "SCOPE"
    )]
    scopes: Vec<Scope>,

    /// A name that identifies the key in the list
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,

    #[command(flatten)]
    data: DataDir,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List the keys without their secrets, which are not stored
#[derive(clap::Args)]
struct ListArgs {
    #[command(flatten)]
    data: DataDir,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Revoke a key; it stops working at once
#[derive(clap::Args)]
struct RevokeArgs {
    /// The id of the key, from `fihrist key list`
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    data: DataDir,
}

/// Runs the command. Returns false if no key has the id.
pub fn run(args: Args) -> Result<bool> {
    match args.action {
        Action::Create(args) => create(args),
        Action::List(args) => list(&args),
        Action::Revoke(args) => revoke(&args),
    }
}

fn create(args: CreateArgs) -> Result<bool> {
    let (key, secret) = keys::change(&args.data, |keys| {
        Ok((keys.create(args.name, args.scopes)?, true))
    })?;
    if args.json {
        let mut shown = as_json(&key);
        shown["key"] = json!(secret.reveal());
        print_json(&shown)?;
    } else {
        eprintln!(
            "key {} for {}; it is shown only this once:",
            key.id,
            as_text(&key.scopes)
        );
        // Only the key goes to standard output, so that scripts can read it.
        println!("{}", secret.reveal());
    }
    Ok(true)
}

fn list(args: &ListArgs) -> Result<bool> {
    let keys = keys::read(&args.data)?;
    if args.json {
        print_json(&keys.0.iter().map(as_json).collect::<Vec<_>>())?;
    } else if keys.0.is_empty() {
        eprintln!(
            "no keys at `{}`: make one with `fihrist key create`",
            args.data.display()
        );
    } else {
        for key in &keys.0 {
            println!(
                "{}  {}  {:<20}  {}",
                key.id,
                key.created,
                as_text(&key.scopes),
                key.name.as_deref().unwrap_or("")
            );
        }
    }
    Ok(true)
}

fn revoke(args: &RevokeArgs) -> Result<bool> {
    // The id is checked first, because `change` would create the directory that a misspelled path
    // names.
    let keys = keys::read(&args.data)?.0;
    let is_there = keys.iter().any(|key| key.id == args.id);
    let is_gone = is_there
        && keys::change(&args.data, |keys| {
            let is_gone = keys.revoke(&args.id);
            Ok((is_gone, is_gone))
        })?;
    if is_gone {
        eprintln!("key {} was revoked", args.id);
    } else {
        eprintln!(
            "no key has the id `{}`; `fihrist key list` shows all keys",
            args.id
        );
    }
    Ok(is_gone)
}

fn as_json(key: &Key) -> serde_json::Value {
    json!({"id": key.id, "name": key.name, "scopes": key.scopes, "created": key.created})
}

fn as_text(scopes: &[Scope]) -> String {
    let scopes = scopes.iter().map(Scope::to_string);
    scopes.collect::<Vec<_>>().join(", ")
}

/// Parses the name of a key. The name must fit on one line of `fihrist key list`.
fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        return Err("expected 1 to 100 characters without control characters");
    }
    Ok(text.to_owned())
}
