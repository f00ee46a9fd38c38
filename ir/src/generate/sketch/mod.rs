//! Programs that only text can say: macros, memory that dies early, bit-fields, a second file that stays C.
//!
//! A sketch is a row of [`Piece`]s, each of which makes sense by itself, so that any of them can go; they share the
//! parameters of one function, its arrays, and a sum `r` of what the host sees, which it returns.
//! Pieces are drawn from templates, a table for each [`Form`]; [`pen`] says what stands in for their placeholders.
//! Nobody but a C compiler says what a sketch means: what it does with the text is the reference.

mod between;
mod blocks;
mod fields;
mod halves;
mod inspected;
mod leaving;
mod loops;
mod macros;
mod memory;
mod names;
mod numbers;
mod pen;
mod rows;
mod structures;
mod views;

use std::fmt::Write as _;

use crate::function::Storage;
use crate::random::Random;
use crate::types::{Scalar, Type};

use super::case::{Case, Drawn};
use super::draft::{Dimension, Draft, ParameterDraft, Rows, Size};
use super::dress::Dress;
use super::inputs::Values;
use super::{Family, Form, Options, assembled};

use pen::Pen;

/// A program as a row of pieces of C text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The function to call, up to its body.
    header: String,
    /// The type of the elements of its arrays.
    element: Scalar,
    pub(super) pieces: Vec<Piece>,
}

/// A part of a sketch that makes sense without the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) form: Form,
    /// Text before the function.
    file: String,
    /// Text for the file that stays C.
    other: String,
    /// Statements.
    body: String,
    /// Text behind the function.
    tail: String,
    /// Whether the statements run in a time loop.
    is_repeated: bool,
}

/// What a piece is made of, with placeholders.
struct Template {
    file: &'static str,
    other: &'static str,
    body: &'static str,
    tail: &'static str,
}

impl Template {
    /// Text before the function, and statements of it.
    const fn new(file: &'static str, body: &'static str) -> Self {
        Self {
            file,
            other: "",
            body,
            tail: "",
        }
    }

    /// The same with text for the other file.
    const fn with_half(file: &'static str, other: &'static str, body: &'static str) -> Self {
        Self {
            file,
            other,
            body,
            tail: "",
        }
    }
}

/// The forms of pieces, and what each is drawn from.
const TABLE: [(Form, &[Template]); 17] = [
    (Form::Bounds, between::BOUNDS),
    (Form::Names, names::NAMES),
    (Form::Repeated, names::REPEATED),
    (Form::Halves, halves::HALVES),
    (Form::Macros, macros::MACROS),
    (Form::Views, views::VIEWS),
    (Form::ShortLived, memory::SHORT_LIVED),
    (Form::BitFields, fields::BIT_FIELDS),
    (Form::Lines, fields::LINES),
    (Form::Between, between::BETWEEN),
    (Form::Inspected, inspected::INSPECTED),
    (Form::Structures, structures::STRUCTURES),
    (Form::Rows, rows::ROWS),
    (Form::Counted, loops::LOOPS),
    (Form::Left, leaving::LEAVING),
    (Form::Blocks, blocks::BLOCKS),
    (Form::Numbers, numbers::NUMBERS),
];

const HEAD: &str =
    "#include <alloca.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\n";

impl Sketch {
    /// Returns the text of the program.
    pub(super) fn own(&self) -> String {
        let mut text = HEAD.to_owned();
        let own = |part: fn(&Piece) -> &str| self.pieces.iter().map(part).collect::<String>();
        text.push_str(&own(|piece| &piece.file));
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{} {{\n    long r = 0;\n    {2} *p = a, *q = b;\n{1}    return r;\n}}",
            self.header,
            self.body(),
            self.element.c_name()
        );
        text.push_str(&own(|piece| &piece.tail));
        text
    }

    fn body(&self) -> String {
        let mut text = String::new();
        let mut is_inside = false;
        for piece in &self.pieces {
            if piece.is_repeated != is_inside {
                text.push_str(if is_inside {
                    "    }\n"
                } else {
                    "    for (int t = 0; t < steps; t++) {\n"
                });
                is_inside = piece.is_repeated;
            }
            let _ = writeln!(text, "    {{ {} }}", piece.body);
        }
        if is_inside {
            text.push_str("    }\n");
        }
        text
    }

    /// Returns the text of the file that stays C, empty where there is none.
    pub(super) fn other(&self) -> String {
        let others = self.pieces.iter().map(|piece| piece.other.as_str());
        let text: String = others.collect();
        if text.is_empty() {
            text
        } else {
            format!("{HEAD}{text}")
        }
    }
}

/// Elements before the first one of an array, which subscripts reach that start below zero.
const MARGIN: i64 = 8;

/// Returns the sketch of a seed.
pub(super) fn sketch(seed: u64, options: &Options) -> Option<Case> {
    let mut random = Random::new(seed);
    let element = random.choose(
        Scalar::I32,
        &[
            Scalar::F64,
            Scalar::F64,
            Scalar::F32,
            Scalar::U32,
            Scalar::I64,
            Scalar::I16,
            Scalar::U8,
        ],
    );
    let prefix = format!("p{seed}_");
    let mut draft = Draft::new(
        Random::new(random.bits()),
        prefix.clone(),
        Type::Scalar(Scalar::I64),
    );
    let mut header = format!("long {prefix}main(");
    for (name, least, most) in [
        ("n", 0, 90),
        ("lo", -6, 40),
        ("hi", -6, 40),
        ("steps", 0, 3),
    ] {
        let ty = random.choose(Scalar::I32, &[Scalar::I32, Scalar::I64]);
        let var = draft.builder.var(name, ty, Storage::Parameter);
        draft.sizes.push(Size {
            var,
            ty,
            least,
            most,
        });
        let size = draft.sizes.len() - 1;
        draft.parameters.push(ParameterDraft::Size(size));
        let _ = write!(header, "{} {name}, ", ty.c_name());
    }
    let length = Dimension {
        size: Some(0),
        scale: 2,
        plus: 64 - MARGIN,
    };
    for name in ["a", "b", "c"] {
        let array = draft.array(name, element, &[length], Rows::Linear, false);
        draft.arrays[array].before = MARGIN;
    }
    let type_name = element.c_name();
    let _ = write!(header, "{type_name} *a, {type_name} *b, {type_name} *c)");
    let inputs = (0..options.inputs).map(|_| draft.input(Values::Small));
    let inputs = inputs.collect();
    let sketch = Sketch {
        header,
        element,
        pieces: pieces(&mut random, &prefix, element),
    };
    let function = draft.builder.finish(Vec::new());
    let (module, function) = assembled(seed, draft.records, vec![function])?;
    Some(Case {
        family: Family::Sketch,
        seed,
        module,
        function,
        globals: Vec::new(),
        inputs,
        is_exact: false,
        dress: Dress::of_sketch(&mut random),
        sketch: Some(sketch),
        drawn: Drawn {
            programs: 1,
            calls: options.inputs as u64,
            defined: options.inputs as u64,
        },
    })
}

fn pieces(random: &mut Random, prefix: &str, element: Scalar) -> Vec<Piece> {
    let count = random.between(2, 6) as usize;
    // The time loop goes around a run of them.
    let first = random.below(count as u64) as usize;
    let repeated = first..first + random.below(4) as usize;
    (0..count)
        .filter_map(|number| {
            let (form, templates) = random.pick(&TABLE)?;
            let template = random.pick(templates)?;
            let mut pen = Pen::new(random, format!("{prefix}{number}"), element);
            let is_repeated = repeated.contains(&number) && !template.body.contains("return");
            Some(Piece {
                form: *form,
                file: pen.write(template.file),
                other: pen.write(template.other),
                body: pen.write(template.body),
                tail: pen.write(template.tail),
                is_repeated,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A counter of that name would hide what the piece means: `steps < steps + 1` does not end.
    #[test]
    fn bodies_name_nothing_that_their_own_names_may_hide() {
        for template in TABLE.iter().flat_map(|(_, templates)| *templates) {
            let words = template.body.split(|letter: char| {
                !(letter.is_alphanumeric() || letter == '_' || letter == '$')
            });
            for word in words {
                assert!(!pen::INNER.contains(&word), "{word}: {}", template.body);
            }
        }
    }
}
