//! A C program that makes the calls of cases and prints what they leave behind, for comparison with the interpreter.
//!
//! Its calls are in the common subset of C and C++, so that they can follow a translation of the programs as well.
//! The program reads every argument and initial byte from its standard input, in order, and prints one line of hex a
//! piece of memory, so that a thousand calls share one compilation.
//! Writing text to a string does not fail, so those results are dropped.

use std::fmt::Write as _;

use crate::interpret::{Side, Value};
use crate::types::{Scalar, Type};

use super::case::{Argument, Case, Input, Outcome};
use super::dress::Halves;

/// A program and its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harness {
    /// C text of the programs.
    pub programs: String,
    /// Text to follow them: the calls, and a `main` that makes them in order.
    pub calls: String,
    /// C text of a second file that stays C; empty where there is none.
    pub other: String,
    /// Bytes for the standard input.
    pub stdin: Vec<u8>,
}

impl Harness {
    /// Returns the C text of the whole program, but for the second file.
    pub fn source(&self) -> String {
        format!("{}{}", self.programs, self.calls)
    }
}

const SUPPORT: &str = r#"
#include <stdio.h>
#ifdef __cplusplus
struct any_pointer {
    void *at;
    template <class T> operator T *() const { return (T *)at; }
};
#define ANY_POINTER(p) any_pointer{(void *)(p)}
#else
#define ANY_POINTER(p) ((void *)(p))
#endif
static unsigned char *take(void *to, size_t size) {
    if (fread(to, 1, size, stdin) != size) exit(2);
    return (unsigned char *)to;
}
static void show(char kind, const void *from, size_t size) {
    const unsigned char *bytes = (const unsigned char *)from;
    putchar(kind);
    for (size_t i = 0; i < size; i++) printf("%02x", bytes[i]);
    putchar('\n');
}
"#;

const DEVICE_SUPPORT: &str = r"
static unsigned char *lend(const unsigned char *from, size_t size) {
    void *to = nullptr;
    if (cudaMalloc(&to, size > 0 ? size : 1) != cudaSuccess) exit(3);
    if (cudaMemcpy(to, from, size, cudaMemcpyHostToDevice) != cudaSuccess) exit(3);
    return (unsigned char *)to;
}
static void take_back(unsigned char *to, unsigned char *from, size_t size) {
    if (cudaMemcpy(to, from, size, cudaMemcpyDeviceToHost) != cudaSuccess) exit(3);
    if (cudaFree(from) != cudaSuccess) exit(3);
}
";

/// Returns a program that makes every call of every case; the names of the cases must not collide, as those of
/// different seeds do not.
pub fn harness(cases: &[Case]) -> Harness {
    harness_on(cases, &vec![Side::Host; cases.len()])
}

/// Returns the same with calls that pass memory of these sides, one for each case; with any of the device, the calls are
/// CUDA C++.
pub fn harness_on(cases: &[Case], sides: &[Side]) -> Harness {
    let halves: Vec<Halves> = cases.iter().map(Case::halves).collect();
    let programs = halves.iter().map(|each| each.own.as_str()).collect();
    let other = halves.iter().map(|each| each.other.as_str()).collect();
    let mut calls = SUPPORT.to_owned();
    for declaration in cases.iter().filter_map(Case::entry_declaration) {
        let _ = write!(
            calls,
            "#ifdef __cplusplus\nextern \"C\"\n#endif\n{declaration}"
        );
    }
    if sides.contains(&Side::Device) {
        calls.push_str(DEVICE_SUPPORT);
    }
    let mut main = String::new();
    let mut stdin = Vec::new();
    for (number, (case, side)) in cases.iter().zip(sides).enumerate() {
        for (position, input) in case.inputs.iter().enumerate() {
            let name = format!("call_{number}_{position}");
            calls.push_str(&call((case, input), *side, &name, &mut stdin));
            let _ = writeln!(main, "    {name}();");
        }
    }
    let _ = writeln!(calls, "int main(void) {{\n{main}    return 0;\n}}");
    Harness {
        programs,
        calls,
        other,
        stdin,
    }
}

fn call((case, input): (&Case, &Input), home: Side, name: &str, stdin: &mut Vec<u8>) -> String {
    let mut before = String::new();
    let mut after = String::new();
    for (number, buffer) in input.buffers.iter().enumerate() {
        let size = buffer.bytes.len();
        stdin.extend_from_slice(&buffer.bytes);
        let _ = writeln!(
            before,
            "    unsigned char *b{number} = take(malloc({size} + 1), {size});"
        );
        if home == Side::Device {
            let _ = writeln!(
                before,
                "    unsigned char *d{number} = lend(b{number}, {size});"
            );
            let _ = writeln!(after, "    take_back(b{number}, d{number}, {size});");
        }
        let _ = writeln!(
            after,
            "    show('B', b{number}, {size});\n    free(b{number});"
        );
    }
    for global in &case.globals {
        stdin.extend_from_slice(&global.bytes);
        let (name, size) = (&global.name, global.bytes.len());
        let _ = writeln!(before, "    take(&{name}, {size});");
        let _ = writeln!(after, "    show('G', &{name}, {size});");
    }
    let mut passed = Vec::new();
    for (number, argument) in input.arguments.iter().enumerate() {
        match argument {
            Argument::Value(scalar, value) => {
                if let Ok((bytes, size)) = value.scalar_bytes(*scalar) {
                    stdin.extend_from_slice(&bytes[..size]);
                }
                let ty = scalar.c_name();
                let _ = writeln!(
                    before,
                    "    {ty} a{number};\n    take(&a{number}, sizeof a{number});"
                );
                passed.push(format!("a{number}"));
            }
            Argument::Buffer {
                buffer,
                offset_bytes,
            } => {
                let start = match home {
                    Side::Host => 'b',
                    Side::Device => 'd',
                };
                passed.push(format!("ANY_POINTER({start}{buffer} + {offset_bytes})"));
            }
            Argument::Global(global) => {
                let name = case.globals.get(*global).map(|global| global.name.as_str());
                passed.push(format!("ANY_POINTER(&{})", name.unwrap_or("nothing")));
            }
        }
    }
    let function = &case.module.functions[case.function];
    let invocation = format!("{}({})", case.entry(), passed.join(", "));
    let run = match &function.result {
        Type::Scalar(scalar) => format!(
            "    {} result = {invocation};\n    show('R', &result, sizeof result);\n",
            scalar.c_name()
        ),
        Type::Void
        | Type::Pointer { .. }
        | Type::Array { .. }
        | Type::Record(_)
        | Type::Opaque(_) => format!("    {invocation};\n"),
    };
    format!("static void {name}(void) {{\n{before}{run}{after}}}\n")
}

/// Returns the outcomes that the program of [`harness`] printed, call by call; `None` where the text is not all of it.
pub fn read_outcomes(cases: &[Case], text: &str) -> Option<Vec<Vec<Outcome>>> {
    let mut lines = text.lines();
    let mut next = |kind: char| decode(lines.next()?.strip_prefix(kind)?);
    cases
        .iter()
        .map(|case| {
            let result = case.module.functions[case.function].result.scalar();
            case.inputs
                .iter()
                .map(|input| outcome(case, input, result, &mut next))
                .collect()
        })
        .collect()
}

fn outcome(
    case: &Case,
    input: &Input,
    result: Option<Scalar>,
    next: &mut dyn FnMut(char) -> Option<Vec<u8>>,
) -> Option<Outcome> {
    let result = match result {
        None => None,
        Some(scalar) => Some(Value::from_bytes(scalar, &next('R')?).ok()?),
    };
    let buffers = input
        .buffers
        .iter()
        .map(|_| next('B'))
        .collect::<Option<_>>()?;
    let globals = case
        .globals
        .iter()
        .map(|_| next('G'))
        .collect::<Option<_>>()?;
    Some(Outcome {
        result,
        buffers,
        globals,
    })
}

fn decode(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect()
}
