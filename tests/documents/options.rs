//! Commands and options as clap knows them.

use std::collections::BTreeSet;
use std::fmt::Write;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use mupac::cli::Cli;

/// Returns a section for each command.
pub(crate) fn all() -> String {
    let mut command = Cli::command();
    command.build();
    let about = words(command.get_about());
    let mut text = format!("\n## mupac\n\n{about}: `mupac [OPTIONS] INPUT...`.\n\n");
    let mut told = BTreeSet::new();
    text += &section(&command, &mut told);
    let more = command.get_after_help().map(StyledStr::to_string);
    let more = more.unwrap_or_default();
    let (more, _) = more.split_once("\n\nExit codes").expect("exit codes");
    writeln!(text, "\n```text\n{more}\n```").unwrap();
    for sub in command.get_subcommands() {
        text += &subcommand(sub, "mupac", &mut told);
    }
    text
}

/// Returns the sections of a command and those below it; options that were told before are not told again.
fn subcommand(command: &Command, above: &str, told: &mut BTreeSet<String>) -> String {
    let name = format!("{above} {}", command.get_name());
    let mut text = format!("\n## {name}\n\n{}.\n", words(command.get_about()));
    let has_translation = command
        .get_arguments()
        .any(|arg| arg.get_id() == "optimise");
    if has_translation {
        text += "It takes the options of a translation, as above.\n";
    }
    let own = section(
        command,
        &mut if has_translation {
            told.clone()
        } else {
            BTreeSet::new()
        },
    );
    if !own.is_empty() {
        write!(text, "\n{own}").unwrap();
    }
    for sub in command.get_subcommands() {
        text += &subcommand(sub, &name, told);
    }
    text
}

/// Returns a line for each option.
fn section(command: &Command, told: &mut BTreeSet<String>) -> String {
    let own = command.get_arguments().filter(|arg| {
        let id = arg.get_id().as_str();
        !matches!(id, "help" | "version") && told.insert(id.to_owned())
    });
    own.map(option).collect()
}

fn option(arg: &Arg) -> String {
    let mut text = format!("- `{}`: {}.", spelling(arg), words(arg.get_help()));
    let values = arg.get_possible_values();
    let takes_values = arg.get_action().takes_values();
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if takes_values && !default.is_empty() {
        write!(text, " Default: `{}`.", default.join(" ")).unwrap();
    }
    text.push('\n');
    for value in values.iter().filter(|_| takes_values) {
        writeln!(
            text,
            "  - `{}`: {}",
            value.get_name(),
            words(value.get_help())
        )
        .unwrap();
    }
    text
}

/// Returns an option as it is typed.
fn spelling(arg: &Arg) -> String {
    let value = match arg.get_value_names() {
        Some([name, ..]) if arg.get_action().takes_values() => Some(name.to_string()),
        Some(_) | None => None,
    };
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let optional = arg
        .get_num_args()
        .is_some_and(|count| count.min_values() == 0);
    match value {
        None => names.join(", "),
        Some(value) if names.is_empty() => value,
        Some(value) if optional => format!("{}[={value}]", names.join(", ")),
        Some(value) => format!("{} {value}", names.join(", ")),
    }
}

fn words(help: Option<&StyledStr>) -> String {
    help.map(StyledStr::to_string)
        .unwrap_or_default()
        .replace('\n', " ")
}
