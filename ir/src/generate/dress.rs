//! What the text of a program wears besides its meaning: macros, names that collide, a second file that stays C.
//!
//! A tree is printed and then dressed, so the interpreter goes on saying what it means; what a dress puts on, a smaller
//! variant takes off.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::function::{Function, Storage};
use crate::random::Random;
use crate::types::Type;

use super::Form;
use super::case::Case;
use super::source::{Spelled, helpers, variables};

/// The texts of the files of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Halves {
    /// The file that is translated.
    pub own: String,
    /// The file that stays C; empty where there is none.
    pub other: String,
}

/// What a text wears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dress {
    /// What was put on; every one of these can be taken off.
    pub(super) forms: BTreeSet<Form>,
    /// What decides where each form applies.
    seed: u64,
}

/// The forms that a tree may wear.
const OF_TREES: [Form; 7] = [
    Form::Entered,
    Form::Apart,
    Form::Constants,
    Form::Types,
    Form::Made,
    Form::Colliding,
    Form::Nasty,
];

/// Names that C leaves to programs, and that C++, CUDA or what is emitted use.
const NASTY: [&str; 24] = [
    "min",
    "max",
    "new",
    "class",
    "template",
    "threadIdx",
    "blockDim",
    "dim3",
    "float4",
    "warpSize",
    "device",
    "lane",
    "block",
    "grid",
    "blocks",
    "data",
    "size",
    "mupac",
    "MUPAC",
    "count",
    "a_d",
    "i_o",
    "result_t",
    "std",
];

impl Dress {
    /// Draws what a tree wears.
    pub(super) fn of_tree(random: &mut Random) -> Self {
        let mut forms = BTreeSet::new();
        for form in OF_TREES {
            if random.chance(1, 3) {
                forms.insert(form);
            }
        }
        // What is made by a macro stays in its file.
        if forms.contains(&Form::Apart) {
            forms.remove(&Form::Made);
        }
        Self {
            forms,
            seed: random.bits(),
        }
    }

    /// Draws what a sketch wears, which has names and macros of its own.
    pub(super) fn of_sketch(random: &mut Random) -> Self {
        let is_entered = random.chance(1, 3);
        Self {
            forms: is_entered.then_some(Form::Entered).into_iter().collect(),
            seed: random.bits(),
        }
    }

    fn has(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }
}

impl Case {
    /// Returns the texts of the program, as it is dressed.
    pub fn halves(&self) -> Halves {
        let mut halves = match &self.sketch {
            Some(sketch) => Halves {
                own: sketch.own(),
                other: sketch.other(),
            },
            None => dressed(self),
        };
        if self.dress.has(Form::Entered) {
            if halves.other.is_empty() {
                HEAD.clone_into(&mut halves.other);
            }
            halves.other.push_str(&way_in(self));
        }
        halves
    }

    /// Returns the name of the function to call.
    pub fn entry(&self) -> String {
        let function = &self.module.functions[self.function];
        if self.dress.has(Form::Entered) {
            format!("{}_enter", function.name)
        } else {
            function.name.clone()
        }
    }

    /// Returns a declaration of the function to call where it lies in the other file, in C and C++.
    pub(super) fn entry_declaration(&self) -> Option<String> {
        self.dress
            .has(Form::Entered)
            .then(|| format!("{};\n", way_in_header(self)))
    }
}

const HEAD: &str = "#include <stdbool.h>\n#include <stdlib.h>\n\n";

/// Returns the head of the function of the other file that passes everything on; pointers are of no type, which rows of a
/// length that a parameter gives do not have in C++.
fn way_in_header(case: &Case) -> String {
    let function = &case.module.functions[case.function];
    let parameters: Vec<String> = function
        .parameters
        .iter()
        .enumerate()
        .map(
            |(number, parameter)| match function.vars[*parameter].ty.scalar() {
                Some(scalar) => format!("{} a{number}", scalar.c_name()),
                None => format!("void *a{number}"),
            },
        )
        .collect();
    let parameters = if parameters.is_empty() {
        "void".to_owned()
    } else {
        parameters.join(", ")
    };
    let result = match &function.result {
        Type::Scalar(scalar) => scalar.c_name(),
        Type::Void
        | Type::Pointer { .. }
        | Type::Array { .. }
        | Type::Record(_)
        | Type::Opaque(_) => "void",
    };
    format!("{result} {}({parameters})", case.entry())
}

fn way_in(case: &Case) -> String {
    let header = way_in_header(case);
    let function = &case.module.functions[case.function];
    let passed: Vec<String> = (0..function.parameters.len())
        .map(|number| format!("a{number}"))
        .collect();
    let back = if function.result == Type::Void {
        ""
    } else {
        "return "
    };
    // The way in knows the function by a type that is compatible wherever calls are.
    let known = header.replacen(&case.entry(), &function.name, 1);
    format!(
        "{known};\n{header} {{ {back}{}({}); }}\n",
        function.name,
        passed.join(", ")
    )
}

/// Returns the text of a tree.
fn dressed(case: &Case) -> Halves {
    let Case { module, dress, .. } = case;
    let mut random = Random::new(dress.seed);
    let prefix = format!("p{}_", case.seed);
    let mut own = String::new();
    let mut other = String::new();
    let mut made = Vec::new();
    for (handle, function) in module.functions.iter() {
        let names = names(case, function, handle == case.function, &mut random);
        let spelled = Spelled::of(module, function, &names);
        if handle == case.function {
            own.push_str(&made_by_macros(
                &prefix,
                &std::mem::take(&mut made),
                &mut random,
            ));
            own.push_str(&spelled.definition());
        } else if dress.has(Form::Apart) && !uses_file_scope(function) {
            let _ = writeln!(own, "{};", spelled.header);
            let _ = writeln!(other, "{} {{\n{}}}", spelled.header, spelled.block);
        } else if dress.has(Form::Made) {
            made.push((function.name.clone(), spelled.definition()));
        } else {
            own.push_str(&spelled.definition());
        }
    }
    let mut macros = String::new();
    if dress.has(Form::Constants) {
        let (seen, texts) = ([&own, &other], |number| format!("{prefix}N{number}"));
        let words = chosen(seen, is_number, &mut random, texts);
        (own, other) = (replaced(&own, &words), replaced(&other, &words));
        macros.push_str(&defines(&words));
    }
    if dress.has(Form::Types) {
        let (seen, texts) = ([&own, &other], |number| format!("{prefix}T{number}"));
        let words = chosen(seen, is_type, &mut random, texts);
        (own, other) = (replaced(&own, &words), replaced(&other, &words));
        macros.push_str(&defines(&words));
    }
    let (records, variables) = variables(module);
    let head = helpers(&[own.as_str(), variables.as_str()].concat());
    if !other.is_empty() {
        other = format!("{}{macros}{records}{other}", helpers(&other));
    }
    Halves {
        own: format!("{head}{macros}{records}{variables}{own}"),
        other,
    }
}

/// Returns other names for variables of a function, by their own.
fn names(
    case: &Case,
    function: &Function,
    is_main: bool,
    random: &mut Random,
) -> BTreeMap<String, String> {
    let main = &case.module.functions[case.function];
    let own_names = |function: &Function| -> Vec<String> {
        let vars = function.vars.iter().map(|(_, var)| var);
        let vars = vars.filter(|var| var.storage != Storage::Global);
        vars.map(|var| var.name.clone()).collect()
    };
    let taken = own_names(function);
    let mut pool: Vec<String> = Vec::new();
    if !is_main && case.dress.has(Form::Colliding) {
        pool = own_names(main);
    } else if is_main && case.dress.has(Form::Nasty) {
        pool = NASTY.iter().map(|name| (*name).to_owned()).collect();
    }
    random.shuffle(&mut pool);
    // Those that are left over keep a name that nobody else has.
    let others: BTreeSet<&String> = pool.iter().take(taken.len()).collect();
    let spare = taken.iter().skip(pool.len());
    let spare = spare.filter(|name| others.contains(name));
    let spare: Vec<(String, String)> = spare
        .map(|name| (name.clone(), format!("{name}_own")))
        .collect();
    taken
        .iter()
        .cloned()
        .zip(pool.iter().cloned())
        .chain(spare)
        .collect()
}

fn uses_file_scope(function: &Function) -> bool {
    let mut vars = function.vars.iter();
    vars.any(|(_, var)| var.storage == Storage::Global)
}

/// Returns functions as what macros make: one each, or all of them in one line.
fn made_by_macros(prefix: &str, made: &[(String, String)], random: &mut Random) -> String {
    let mut text = String::new();
    if made.is_empty() {
        return text;
    }
    let flat = |definition: &str| definition.replace('\n', " ");
    if random.chance(1, 2) {
        let all: String = made
            .iter()
            .map(|(_, definition)| flat(definition))
            .collect();
        let _ = writeln!(text, "#define {prefix}MAKE {all}\n{prefix}MAKE");
    } else {
        for (number, (name, definition)) in made.iter().enumerate() {
            let words = BTreeMap::from([(name.clone(), "NAME".to_owned())]);
            let definition = replaced(&flat(definition), &words);
            let _ = writeln!(
                text,
                "#define {prefix}MAKE{number}(NAME) {definition}\n{prefix}MAKE{number}({name})"
            );
        }
    }
    text
}

/// Chooses some of the words of a kind, and names for them.
fn chosen(
    texts: [&String; 2],
    is_kind: fn(&str) -> bool,
    random: &mut Random,
    name: impl Fn(usize) -> String,
) -> BTreeMap<String, String> {
    let found: BTreeSet<&str> = texts.iter().flat_map(|text| words(text)).collect();
    let found = found.into_iter().filter(|word| is_kind(word));
    let found: Vec<&str> = found.filter(|_| random.chance(2, 3)).collect();
    let named = found.iter().enumerate();
    named
        .map(|(number, word)| ((*word).to_owned(), name(number)))
        .collect()
}

fn defines(words: &BTreeMap<String, String>) -> String {
    words.iter().fold(String::new(), |mut text, (word, name)| {
        let _ = writeln!(text, "#define {name} {word}");
        text
    })
}

fn replaced(text: &str, by: &BTreeMap<String, String>) -> String {
    words(text)
        .map(|word| by.get(word).map_or(word, String::as_str))
        .collect()
}

fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
}

fn is_type(word: &str) -> bool {
    ["double", "float", "int", "unsigned", "short", "bool"].contains(&word)
}

/// Returns names and numbers each as a whole, and every other character by itself.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let mut last = ' ';
        let is_number = first.is_ascii_digit();
        let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = rest.find(|letter: char| {
            let is_exponent = is_number && "+-".contains(letter) && "eEpP".contains(last);
            last = letter;
            !(is_inside(letter) || is_number && letter == '.' || is_exponent)
        });
        let end = end.unwrap_or(rest.len()).max(first.len_utf8());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_whole_names_and_numbers() {
        let found: Vec<&str> = words("x1[i+2] = 1.5e-3f;").collect();
        let expected = ["x1", "[", "i", "+", "2", "]", " ", "=", " ", "1.5e-3f", ";"];
        assert_eq!(found, expected);
    }
}
