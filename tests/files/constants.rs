//! Values that the output says by name: whoever changes one of its macros hears of it from the compiler.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;

use crate::directives::Directives;

/// Checks every macro that the output of a file asks for: as written the text compiles, and with another value it does
/// not.
pub(crate) fn check(path: &Path) -> Result<(), Failed> {
    let temporary = tempfile::tempdir()?;
    let output = temporary.path().join("out.cu");
    let directives = Directives::of(&std::fs::read_to_string(path)?);
    let name = output.to_string_lossy();
    let options = ["--check=off", "-o", &name];
    let ran = directives.run(path, &temporary, &options);
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into_owned().into());
    }
    let text = std::fs::read_to_string(&output)?;
    let macros = macros(&text);
    for (name, value) in conditions(&text) {
        if !macros.iter().any(|(defined, _)| *defined == name) {
            continue;
        }
        let compiles = |number: &str| -> Result<bool, Failed> {
            let mut program = String::new();
            for (defined, words) in &macros {
                let words = if *defined == name { number } else { words };
                writeln!(program, "#define {defined} {words}")?;
            }
            // What macros are made of.
            let is_enumeration = |line: &&str| line.starts_with("enum {") && line.ends_with("};");
            for line in text.lines().filter(is_enumeration) {
                writeln!(program, "{line}")?;
            }
            writeln!(program, "static_assert({name} == {value}, \"\");")?;
            let file = temporary.path().join("constants.cpp");
            std::fs::write(&file, program)?;
            let mut command = Command::new("g++");
            let built = command.args(["-std=c++17", "-fsyntax-only"]).arg(&file);
            Ok(built.output()?.status.success())
        };
        let (_, words) = macros.iter().find(|(defined, _)| *defined == name).unwrap();
        if !compiles(words)? {
            return Err(format!("{name} is not {value}").into());
        }
        if compiles("(-987654321)")? {
            return Err(format!("nothing asks whether {name} is {value}").into());
        }
    }
    // Loops of the device run to no bound by name that is not asked for.
    for (name, words) in &macros {
        let is_number = words.bytes().all(|byte| byte.is_ascii_digit());
        let bound = format!("< {name})");
        let is_bound = text.lines().any(|line| line.contains(&bound));
        if is_number && is_bound && !text.contains(&format!("{name} == {words}")) {
            return Err(format!("nothing asks whether {name} is {words}").into());
        }
    }
    Ok(())
}

/// Returns the macros without parameters, with what they stand for.
fn macros(text: &str) -> Vec<(&str, &str)> {
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define "));
    lines
        .filter_map(|line| line.split_once(' '))
        .filter(|(name, words)| !name.contains('(') && !words.ends_with('\\'))
        .map(|(name, words)| (name, words.split("//").next().unwrap_or("").trim()))
        .collect()
}

/// Returns what the output asks for, by name.
fn conditions(text: &str) -> Vec<(&str, &str)> {
    let asked = text.split("static_assert(").skip(1);
    let asked = asked.filter_map(|rest| rest.split(", \"translated").next());
    asked
        .flat_map(|conditions| conditions.split("&&"))
        .filter_map(|condition| condition.trim().split_once(" == "))
        .filter(|(name, _)| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
        .collect()
}
