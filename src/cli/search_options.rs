//! The options of `fihrist search` that are parameters of a search. They are declared in the same
//! table as the parameters of the HTTP API.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::service::params::{
    AUTHOR, FROM, LIMIT, MATCH, OPERATOR, SECTION, SORT, SOURCE, TO, Words,
};
use crate::service::{Kind, Param, Params};

const OPTIONS: &[Param] = &[
    LIMIT, MATCH, OPERATOR, SORT, SOURCE, SECTION, AUTHOR, FROM, TO,
];

/// The names and values of the options that the user has set.
#[derive(Clone)]
pub struct SearchOptions(Vec<(String, String)>);

impl SearchOptions {
    pub fn params(&self) -> Params {
        Params::from_pairs(self.0.clone(), OPTIONS)
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
        let mut given = Vec::new();
        for param in OPTIONS {
            let values = matches.get_many::<String>(param.name).unwrap_or_default();
            given.extend(values.map(|value| (param.name.to_owned(), value.clone())));
        }
        Ok(Self(given))
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
        Kind::Integer(_, _, default) => arg.value_name("N").default_value(default.to_string()),
        Kind::Choice(_, words) => {
            let Words { all, default } = words();
            arg.value_name("WORD")
                .value_parser(PossibleValuesParser::new(all))
                .default_values(default)
        }
        Kind::Texts => arg.value_name("NAME").action(ArgAction::Append),
        Kind::Text | Kind::Query | Kind::Pattern(_) | Kind::Flag | Kind::List(..) => {
            arg.value_name("TEXT")
        }
    }
}
