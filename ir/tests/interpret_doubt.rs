//! The bounds on reordered sums and contracted operations hold, in results and in what is printed, and have teeth: a
//! lost term lies outside.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its input is wrong"
)]

use mupac_ir::interpret::{Bytes, Machine, ReducedStatements, Stream, Value};
use mupac_ir::{Module, ReductionOperator, StmtId};

const SUM: &str = "fn sum(n: i32, a: *const f32) -> f32 {
  var s: f32
  S0: s = 0.0f32
  for i: i32 in 0..n {
    S1: s = s + a[i]
  }
  return s
}
";

/// Returns the sum in the order of the program, and how far other orders may be from it.
fn sum(module: &Module, terms: &[f32]) -> (f32, f64) {
    let (function, _) = module.functions.iter().next().unwrap();
    let statements = ReducedStatements::from([((function, StmtId(1)), ReductionOperator::Sum)]);
    let mut machine = Machine::new(module).with_reductions(statements);
    let data: Vec<u8> = terms.iter().flat_map(|each| each.to_le_bytes()).collect();
    let is_set = vec![true; data.len()];
    let memory = machine.object("a", &Bytes { data, is_set }).unwrap();
    let arguments = [
        Value::Integer(terms.len() as i128),
        Value::Pointer(Some(memory)),
    ];
    let Some(Value::F32(sum)) = machine.run(function, &arguments).unwrap() else {
        panic!("the function returns a float");
    };
    assert!(!machine.is_uncertain());
    (sum, machine.doubt_of_result().unwrap())
}

/// Uniform in [-1, 1]; splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
fn uniform(seed: &mut u64) -> f32 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut value = *seed;
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^= value >> 31;
    ((value >> 11) as f64 / (1_u64 << 52) as f64 - 1.0) as f32
}

/// Adds neighbours, then neighbouring sums, as a block of threads does.
fn tree(terms: &[f32]) -> f32 {
    match terms {
        [] => 0.0,
        [one] => *one,
        _ => {
            let (left, right) = terms.split_at(terms.len() / 2);
            tree(left) + tree(right)
        }
    }
}

#[test]
fn every_order_lies_within_the_bound_and_a_lost_term_outside() {
    let module = mupac_ir::parse::module(SUM).unwrap();
    let (mut seed, mut caught, mut lost) = (1, 0_u32, 0_u32);
    for round in 0..400 {
        let terms: Vec<f32> = (0..2 + round % 99).map(|_| uniform(&mut seed)).collect();
        let (value, bound) = sum(&module, &terms);
        let distance = |other: f32| (f64::from(other) - f64::from(value)).abs();
        let mut sorted = terms.clone();
        sorted.sort_by(f32::total_cmp);
        for order in [tree(&terms), tree(&sorted), sorted.iter().sum()] {
            assert!(distance(order) <= bound, "{order} {value} {bound}");
        }
        for at in [0, terms.len() / 2, terms.len() - 1] {
            let mut fewer = terms.clone();
            fewer.remove(at);
            lost += 1;
            caught += u32::from(distance(tree(&fewer)) > bound);
        }
    }
    // The tester relies on this for up to 100 terms; beyond, its sums of small integers are exact.
    assert!(caught * 100 >= lost * 99, "{caught} of {lost}");
}

/// A program that adds 1/3 up a thousand times and prints the sum, a call's view of it, a copy of it, and a count.
const PRINTS: &str = "fn half(x: f64) -> f64 {
  return x * 0.5
}
fn main() -> i32 {
  global stderr: addressed *opaque \"struct _IO_FILE\"
  var s: addressed f64
  var t: addressed f64
  var h: f64
  var f: *opaque \"struct _IO_FILE\"
  S0: s = 0.0
  for i: i32 in 0..1000 {
    S1: s = s + 0.3333333333333333
  }
  call h = half(s)
  call memcpy((*void)(&t), (*const void)(&s), 8u64)
  call printf((*const i8)(\"%.2f %9.3e|%d\\n\"), s, h, i32(h))
  call fprintf(stderr, (*const i8)(\"%g\\n\"), t)
  call f = fopen((*const i8)(\"sums.txt\"), (*const i8)(\"w\"))
  call fprintf(f, (*const i8)(\"%f\\n\"), 1.5)
  call fclose(f)
  call memset((*void)(&t), 0, 8u64)
  call printf((*const i8)(\"%f\\n\"), t)
  return 3
}
";

#[test]
fn printed_numbers_in_doubt_are_marked_with_their_bound() {
    let module = mupac_ir::parse::module(PRINTS).unwrap();
    let (main, _) = module.functions.iter().nth(1).unwrap();
    let statements = ReducedStatements::from([((main, StmtId(1)), ReductionOperator::Sum)]);
    let mut machine = Machine::new(&module).with_reductions(statements);
    assert_eq!(machine.program(&[]).unwrap(), 3);
    assert!(!machine.is_uncertain());
    let text = |stream: &Stream| {
        let printed = machine.printed(stream).unwrap();
        let marked = printed.marks.iter().map(|mark| {
            let field = &printed.bytes[mark.start..mark.end];
            (String::from_utf8(field.to_vec()).unwrap(), mark.bound)
        });
        let text = String::from_utf8(printed.bytes.clone()).unwrap();
        (text, marked.collect::<Vec<_>>())
    };
    let (text_of_output, marked) = text(&Stream::Output);
    assert_eq!(text_of_output, "333.33 1.667e+02|166\n0.000000\n");
    let fields: Vec<_> = marked.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["333.33", "1.667e+02"]);
    // One unit of the last digit, and a little for the order.
    assert!((0.01..0.010_001).contains(&marked[0].1), "{marked:?}");
    assert!((0.1..0.100_001).contains(&marked[1].1), "{marked:?}");
    let (text_of_errors, marked) = text(&Stream::Error);
    assert_eq!((text_of_errors.as_str(), marked.len()), ("333.333\n", 1));
    assert!((0.001..0.001_001).contains(&marked[0].1), "{marked:?}");
    let file = Stream::File("sums.txt".to_owned());
    assert_eq!(text(&file), ("1.500000\n".to_owned(), Vec::new()));
}

#[test]
fn bytes_of_a_number_in_doubt_read_as_another_type_are_uncertain() {
    let text = SUM.replace(
        "  return s\n",
        "  var t: addressed f32\n  var u: *i32\n  S2: t = s\n  S3: u = (*i32)(&t)\n  S4: s = f32(u[0])\n  return s\n",
    );
    let module = mupac_ir::parse::module(&text).unwrap();
    let (function, _) = module.functions.iter().next().unwrap();
    let statements = ReducedStatements::from([((function, StmtId(1)), ReductionOperator::Sum)]);
    let mut machine = Machine::new(&module).with_reductions(statements);
    let bytes = Bytes::set(
        [1.5_f32, 0.1]
            .iter()
            .flat_map(|each| each.to_le_bytes())
            .collect(),
    );
    let memory = machine.object("a", &bytes).unwrap();
    let arguments = [Value::Integer(2), Value::Pointer(Some(memory))];
    machine.run(function, &arguments).unwrap();
    assert!(machine.is_uncertain());
}

/// A polynomial by Horner's rule, whose every step may contract, and a comparison.
const HORNER: &str = "fn horner(n: i32, a: *const f32, x: f32) -> f32 {
  var s: f32
  S0: s = 0.0f32
  for i: i32 in 0..n {
    S1: s = s * x + a[i]
  }
  return s
}
";

#[test]
fn contracted_results_lie_within_the_bound() {
    let module = mupac_ir::parse::module(HORNER).unwrap();
    let (function, _) = module.functions.iter().next().unwrap();
    let (mut seed, mut different) = (7, 0_u32);
    for _ in 0..500 {
        let terms: Vec<f32> = (0..12).map(|_| uniform(&mut seed)).collect();
        let x = 2.0 * uniform(&mut seed);
        let mut machine = Machine::new(&module)
            .with_reductions(ReducedStatements::new())
            .with_contraction();
        let data = terms.iter().flat_map(|each| each.to_le_bytes()).collect();
        let memory = machine.object("a", &Bytes::set(data)).unwrap();
        let arguments = [
            Value::Integer(12),
            Value::Pointer(Some(memory)),
            Value::F32(x),
        ];
        let Some(Value::F32(plain)) = machine.run(function, &arguments).unwrap() else {
            panic!("the function returns a float");
        };
        let bound = machine.doubt_of_result().unwrap();
        let fused = terms
            .iter()
            .fold(0.0_f32, |sum, term| sum.mul_add(x, *term));
        different += u32::from(fused.to_bits() != plain.to_bits());
        let distance = (f64::from(fused) - f64::from(plain)).abs();
        assert!(distance <= bound, "{fused} {plain} {bound}");
        // The bound is a few roundings of what was added up, no more.
        let magnitude = terms
            .iter()
            .fold(0.0_f32, |sum, term| sum * x.abs() + term.abs());
        assert!(
            bound <= 100.0 * f64::from(f32::EPSILON * magnitude),
            "{bound}"
        );
    }
    assert!(different > 100, "contraction changes next to nothing");
}

/// A function whose last digits differ between libraries, and one that may give either zero.
const LIBRARY: &str = "fn library(x: f64, y: f64) -> f64 {
  return sin(x) + fmax(y, 0.0f64)
}
";

/// Returns how far the result may be off with another library; the first number is the result.
fn with_other_library(x: f64, y: f64) -> (f64, Option<f64>) {
    let module = mupac_ir::parse::module(LIBRARY).unwrap();
    let (function, _) = module.functions.iter().next().unwrap();
    let mut machine = Machine::new(&module)
        .with_reductions(ReducedStatements::new())
        .with_other_library();
    let arguments = [Value::F64(x), Value::F64(y)];
    let Some(Value::F64(result)) = machine.run(function, &arguments).unwrap() else {
        panic!("the function returns a double");
    };
    assert!(!machine.is_uncertain());
    (result, machine.doubt_of_result())
}

#[test]
fn another_library_may_differ_by_a_few_units_in_the_last_place() {
    let (result, bound) = with_other_library(1.0, 2.0);
    let bound = bound.unwrap();
    let unit = f64::EPSILON * result;
    assert!((4.0 * unit..=40.0 * unit).contains(&bound), "{bound}");
}

#[test]
fn another_library_may_give_the_other_zero() {
    let (result, bound) = with_other_library(0.0, -0.0);
    assert!(result.abs() < f64::MIN_POSITIVE);
    let bound = bound.unwrap();
    assert!(0.0 < bound && bound < f64::MIN_POSITIVE, "{bound}");
}

const ASKS: &str = "
fn main() -> i32 {
  var at: addressed i64[2]
  var seconds: f64
  var order: i32
  var length: u64
  call seconds = omp_get_wtime()
  call gettimeofday((*void)(&at[0]), (*void)(0))
  call printf((*const i8)(\"%.2f %ld %ld\\n\"), seconds, at[0], at[1])
  call order = strcmp((*const i8)(\"ab\"), (*const i8)(\"b\"))
  call length = strlen((*const i8)(\"four\"))
  call printf((*const i8)(\"%d %lu\\n\"), order < 0, length)
  call order = strncmp((*const i8)(\"abc\"), (*const i8)(\"abd\"), 2u64)
  return order
}
";

#[test]
fn clocks_go_by_their_calls_and_strings_are_compared() {
    let module = mupac_ir::parse::module(ASKS).unwrap();
    let mut machine = Machine::new(&module);
    assert_eq!(machine.program(&[]).unwrap(), 0);
    let printed = machine.printed(&Stream::Output).unwrap();
    let text = String::from_utf8(printed.bytes.clone()).unwrap();
    assert_eq!(text, "0.01 1577836800 20000\n1 4\n");
}
