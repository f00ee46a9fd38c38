//! Whether the functions of a file mean the same in the whole.
//!
//! Trees are compared as text, where two things may be more than they are alone: an array that another file defines has its
//! length, and a function that another file defines has a prototype.
//! Of a call without one C defines nothing unless the promoted arguments and the result are those of the definition
//! (C17 6.5.2.2 §6 and §9), so that the prototype converts nothing wherever the program means something.

use std::collections::BTreeMap;

use mupac_ir::{Module, print};

use super::names::{Renamed, each_word};
use super::{JoinError, together};
use crate::parse::Parsed;

/// Checks that every function of a file has the same tree in the whole.
pub(super) fn compare(alone: &Parsed, whole: &Parsed, renamed: &Renamed) -> Result<(), JoinError> {
    let Some(name) = other_tree(alone, whole, renamed) else {
        return Ok(());
    };
    Err(together(format!(
        "{}: {name} means something else behind the other files: what it uses is declared otherwise there",
        alone.module.source.name
    )))
}

/// Returns whether every function of a text has the same tree in another one.
pub(crate) fn are_kept(before: &Parsed, after: &Parsed) -> bool {
    other_tree(before, after, &Renamed::default()).is_none()
}

/// Returns a function of a file that has another tree in the whole, or none.
fn other_tree(alone: &Parsed, whole: &Parsed, renamed: &Renamed) -> Option<String> {
    let found = trees(&whole.module);
    trees(&alone.module).into_iter().find_map(|(name, text)| {
        let (name, text) = (renamed.of(&name), renamed.in_text(&text));
        let is_kept = found.get(&name).is_some_and(|found| is_same(&text, found));
        (!is_kept).then_some(name)
    })
}

/// Returns the functions of a module as text, with the names that C knows: which of them give way in C++ depends on the file.
fn trees(module: &Module) -> BTreeMap<String, String> {
    let renamed = module.renamed().into_iter();
    let originals: BTreeMap<String, String> =
        renamed.map(|(original, other)| (other, original)).collect();
    let in_c = |word: &str| originals.get(word).map_or(word, String::as_str).to_owned();
    let functions = module.functions.iter();
    functions
        .map(|(_, each)| {
            let text = each_word(&print::function(module, each), &in_c);
            (in_c(&each.name), text)
        })
        .collect()
}

/// What is not modelled alone, and may be with a prototype.
const WITHOUT_PROTOTYPE: &str = "because unsupported(\"a call without a prototype\")";

/// Returns whether two trees are the same but for what other files tell.
fn is_same(alone: &str, whole: &str) -> bool {
    if alone == whole {
        return true;
    }
    let is_declaration = |line: &&str| {
        let words = ["global ", "var ", "local "];
        words.iter().any(|word| line.trim_start().starts_with(word))
    };
    let (declared, statements): (Vec<&str>, Vec<&str>) = alone.lines().partition(is_declaration);
    let (known, found): (Vec<&str>, Vec<&str>) = whole.lines().partition(is_declaration);
    // What is made for the results of calls is numbered.
    let is_result = |line: &str| line.contains(" result.t");
    let mut declared = declared.iter().filter(|line| !is_result(line));
    declared.all(|line| known.iter().any(|other| is_same_line(line, other)))
        && are_same(&statements, &found)
}

/// Returns whether statements follow one another in the same way, where others may stand for a call without a prototype.
fn are_same(alone: &[&str], whole: &[&str]) -> bool {
    let mut found = whole.iter();
    let mut is_open = false;
    for line in alone {
        if line.trim_end().ends_with(WITHOUT_PROTOTYPE) {
            is_open = true;
            continue;
        }
        let is_there = if is_open {
            found.any(|other| is_same_line(line, other))
        } else {
            found.next().is_some_and(|other| is_same_line(line, other))
        };
        if !is_there {
            return false;
        }
        is_open = false;
    }
    is_open || found.next().is_none()
}

/// What a line says of a variable that others may reach.
const ADDRESSED: &str = "addressed ";

/// Returns whether a line of a tree says the same in the whole, where an array of another file may have its length, and a
/// variable may be known to be named by nobody else.
fn is_same_line(alone: &str, whole: &str) -> bool {
    if alone == whole || without_numbers(alone) == without_numbers(whole) {
        return true;
    }
    if alone.trim_start().starts_with("global ")
        && alone.contains(ADDRESSED)
        && !whole.contains(ADDRESSED)
    {
        return is_same_line(&alone.replacen(ADDRESSED, "", 1), whole);
    }
    let Some((before, behind)) = alone.split_once("[]") else {
        return false;
    };
    let extent = whole
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(behind));
    let number = extent.and_then(|extent| extent.strip_prefix('[')?.strip_suffix(']'));
    let is_length = number.is_some_and(|number| number.parse::<u64>().is_ok());
    alone.trim_start().starts_with("global ") && is_length
}

/// Returns a line without the numbers of what is made for the results of calls.
fn without_numbers(line: &str) -> String {
    let mut pieces = line.split("result.t.");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + "result.t" + piece.trim_start_matches(|letter: char| letter.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn a_prototype_of_another_file_models_a_call() {
        let alone = "fn f() {\n  verbatim \"g(1);\" because unsupported(\"a call without a prototype\")\n  return x\n}\n";
        let whole = "fn f() {\n  global y: i32\n  call g(1)\n  return x\n}\n";
        assert!(is_same(alone, whole));
        assert!(!is_same(alone, &whole.replace("return x", "return y")));
        assert!(!is_same(whole, alone));
    }

    #[test]
    fn a_variable_of_a_whole_program_is_named_by_nobody_else() {
        let alone = "fn f() {\n  global a: addressed i32\n  return a\n}\n";
        let whole = "fn f() {\n  global a: i32\n  return a\n}\n";
        assert!(is_same(alone, whole));
        assert!(!is_same(whole, alone));
    }

    #[test]
    fn an_array_of_another_file_has_its_length() {
        let alone = "fn f() {\n  global a: i32[]\n  return a[2]\n}\n";
        assert!(is_same(alone, &alone.replace("[]", "[4]")));
        assert!(!is_same(alone, &alone.replace("i32[]", "i64[4]")));
        assert!(!is_same(
            &alone.replace("[]", "[4]"),
            &alone.replace("[]", "[5]")
        ));
    }
}
