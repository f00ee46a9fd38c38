//! Writes templates: what stands in for their placeholders is drawn once for a piece.
//!
//! | placeholder | stands for |
//! |---|---|
//! | `$T` | the type of elements |
//! | `$S` | what names of this piece at file scope start with |
//! | `$x`, `$y`, `$z` | the three arrays, which do not overlap, in any order |
//! | `$p` | an array, or a pointer to one that may have another name as well |
//! | `$1` … `$7` | names of parameters and locals of a function of the piece's own, each another |
//! | `$i`, `$j`, `$k`, `$s`, `$w` | names of locals in a block of the main function, each another |
//! | `$c` | a small constant, another one every time |
//! | `$mix{u,v}` | an element that depends on two numbers, of bounded size |
//! | `$note{u}` | a statement by which the result depends on a number |
//! | `$region{x,y}` | a loop that writes one array and reads another |
//!
//! The two kinds of names are drawn from pools that have most in common: names of helpers are those of the main function.

use crate::random::Random;
use crate::types::{Precision, Scalar};

/// Names for functions of their own: those of the main function, those of blocks, and names that C leaves to programs
/// and CUDA or C++ do not.
const OWN: [&str; 28] = [
    "a", "b", "c", "p", "q", "n", "r", "t", "lo", "hi", "steps", "i", "j", "k", "s", "u", "m", "w",
    "v", "e", "min", "lane", "data", "blockDim", "dim3", "device", "size", "new",
];

/// Names for blocks of the main function, none of which they need.
pub(super) const INNER: [&str; 10] = ["i", "j", "k", "s", "u", "m", "w", "v", "t", "steps"];

/// Names of iterators of loops that stand anywhere.
const ITERATORS: [&str; 4] = ["e", "g", "d", "lane"];

pub(super) struct Pen<'a> {
    random: &'a mut Random,
    stem: String,
    element: Scalar,
    arrays: [&'static str; 3],
    own: Vec<&'static str>,
    inner: Vec<&'static str>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(random: &'a mut Random, stem: String, element: Scalar) -> Self {
        let mut arrays = ["a", "b", "c"];
        let (mut own, mut inner) = (OWN.to_vec(), INNER.to_vec());
        random.shuffle(&mut arrays);
        random.shuffle(&mut own);
        random.shuffle(&mut inner);
        Self {
            random,
            stem,
            element,
            arrays,
            own,
            inner,
        }
    }

    /// Returns the text of a template; what it does not know stays as it is.
    pub(super) fn write(&mut self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('$') {
            text.push_str(before);
            rest = behind;
            if let Some((word, inside, behind)) = called(rest) {
                let parts: Vec<String> = parts(inside).map(|part| self.write(part)).collect();
                text.push_str(&self.made(word, &parts));
                rest = behind;
                continue;
            }
            let mut letters = rest.chars();
            if let Some(letter) = letters.next() {
                text.push_str(&self.word(letter));
                rest = letters.as_str();
            }
        }
        text + rest
    }

    fn word(&mut self, letter: char) -> String {
        let own = |at: usize| self.own.get(at).copied().unwrap_or("x");
        let inner = |at: usize| self.inner.get(at).copied().unwrap_or("x");
        match letter {
            'T' => self.element.c_name().to_owned(),
            'S' => self.stem.clone(),
            'x' => self.arrays[0].to_owned(),
            'y' => self.arrays[1].to_owned(),
            'z' => self.arrays[2].to_owned(),
            'p' => self.random.choose("p", &["q", "a", "b"]).to_owned(),
            'i' => inner(0).to_owned(),
            'j' => inner(1).to_owned(),
            'k' => inner(2).to_owned(),
            's' => inner(3).to_owned(),
            'w' => inner(4).to_owned(),
            'c' => self.random.between(1, 9).to_string(),
            digit => own(digit.to_digit(10).unwrap_or(0) as usize).to_owned(),
        }
    }

    fn made(&mut self, word: &str, parts: &[String]) -> String {
        let [first, second] = [0, 1].map(|at| parts.get(at).map_or("0", String::as_str));
        match word {
            "mix" => self.mix(first, second),
            "region" => self.region(first, second),
            _ => format!("r = (r * 3 + (long)({first})) % 1000003;"),
        }
    }

    fn mix(&mut self, first: &str, second: &str) -> String {
        let ty = self.element.c_name();
        let constant = self.random.between(1, 9);
        match (self.element.precision(), self.element.is_signed()) {
            (Some(Precision::Single), _) => {
                format!("0.5f * {first} + 0.25f * ({ty})({second}) + {constant}.0f")
            }
            (Some(Precision::Double), _) => {
                format!("0.5 * {first} + 0.25 * ({ty})({second}) + {constant}.0")
            }
            (None, true) => format!("({ty})(({first} * 3 + {second} + {constant}) % 101)"),
            (None, false) => format!("({ty})(({first} * 3u + {second} + {constant}u) % 101u)"),
        }
    }

    /// Returns a loop with bounds on either side that may be numbers or not, and cross.
    fn region(&mut self, target: &str, source: &str) -> String {
        let e = self.random.choose("e", &ITERATORS);
        let ty = self.random.choose("int", &["int", "long"]);
        let (start, end) = self.random.choose(
            ("0", "n"),
            &[
                ("0", "n"),
                ("0", "n"),
                ("lo", "hi"),
                ("lo", "n"),
                ("0", "hi"),
                ("1", "n - 1"),
                ("-4", "hi"),
                ("lo", "lo + n"),
                ("hi", "lo"),
                ("0", "24"),
            ],
        );
        let header = match self.random.below(8) {
            0 => format!("for ({ty} {e} = {end} - 1; {e} >= {start}; {e}--)"),
            1 => format!("for ({ty} {e} = {start}; {e} <= {end} - 1; {e}++)"),
            2 => format!("for ({ty} {e} = {start}; {e} < {end}; {e} += 2)"),
            3 => format!("{ty} {e}; for ({e} = {start}; {e} < {end}; ++{e})"),
            _ => format!("for ({ty} {e} = {start}; {e} < {end}; {e}++)"),
        };
        let by = self.random.choose("", &["", " + 1", " - 1", " + 2"]);
        // An array of that name would be hidden.
        let is_taken = target.contains('v') || source.contains('v');
        let value = if is_taken { "x" } else { "v" };
        let read = format!("{source}[{e}{by}]");
        let target = format!("{target}[{e}]");
        let body = match self.random.below(6) {
            0 => format!(
                "{{ {} {value} = {read}; {target} = {}; }}",
                self.element.c_name(),
                self.mix(value, e)
            ),
            1 => format!("if ({read} > 2) {target} = {};", self.mix(&read, e)),
            2 => format!("{target} = {read};"),
            3 => format!("{target} = {}", self.mix(&read, e)) + ";",
            _ => format!("{target} = {};", self.mix(&target, &read)),
        };
        format!("{{ {header} {body} }}")
    }
}

/// Splits a call of a maker from the text behind it.
fn called(text: &str) -> Option<(&'static str, &str, &str)> {
    let mut makers = ["mix", "note", "region"].into_iter();
    let (word, rest) =
        makers.find_map(|word| Some((word, text.strip_prefix(word)?.strip_prefix('{')?)))?;
    let mut depth = 1;
    let end = rest.find(|letter| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        depth == 0
    })?;
    Some((word, rest.get(..end)?, rest.get(end + 1..)?))
}

/// Returns what commas outside of brackets part.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    text.split(move |letter| {
        depth += i32::from("([{".contains(letter)) - i32::from(")]}".contains(letter));
        letter == ',' && depth == 0
    })
}
