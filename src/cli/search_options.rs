//! The options of `fihrist search` that are parameters of a search, from the same table as those of the HTTP API.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Map, Value, json};

use crate::service::params::search::{
    AUTHOR, FROM, LIMIT, MATCH, OPERATOR, SECTION, SORT, SOURCE, TO,
};
use crate::service::params::{Kind, Param, Params};

const OPTIONS: &[Param] = &[
    LIMIT, MATCH, OPERATOR, SORT, SOURCE, SECTION, AUTHOR, FROM, TO,
];

/// The options that are given, by name.
#[derive(Debug, Clone, Default)]
pub struct SearchOptions(Map<String, Value>);

impl SearchOptions {
    pub fn params(&self) -> Params {
        Params::from_json(self.0.clone(), OPTIONS)
    }
}

impl clap::Args for SearchOptions {
    fn augment_args(command: Command) -> Command {
        command.args(OPTIONS.iter().map(option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for SearchOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = OPTIONS.iter().filter_map(|param| {
            let value = match param.kind {
                Kind::Integer { .. } => json!(matches.get_one::<u64>(param.name)?),
                Kind::Texts => {
                    json!(matches.get_many::<String>(param.name)?.collect::<Vec<_>>())
                }
                Kind::Flag => json!(matches.get_flag(param.name)),
                Kind::Text
                | Kind::Query
                | Kind::Pattern(_)
                | Kind::Choice { .. }
                | Kind::List { .. } => json!(matches.get_one::<String>(param.name)?),
            };
            Some((param.name.to_owned(), value))
        });
        Ok(Self(values.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn option(param: &Param) -> Arg {
    let arg = Arg::new(param.name)
        .long(param.name)
        .help(param.description);
    match param.kind {
        Kind::Integer { min, max, default } => arg
            .value_name("N")
            .value_parser(value_parser!(u64).range(min as u64..=max() as u64))
            .default_value(default.to_string()),
        Kind::Choice { words, .. } => {
            let words = words();
            arg.value_name("WORD")
                .value_parser(PossibleValuesParser::new(words.all))
                .default_values(words.default)
        }
        Kind::Texts => arg.value_name("NAME").action(ArgAction::Append),
        Kind::Flag => arg.action(ArgAction::SetTrue),
        Kind::Text | Kind::Query | Kind::Pattern(_) | Kind::List { .. } => arg.value_name("TEXT"),
    }
}
