//! The bound on reordered sums holds for every order, and has teeth: a lost term lies outside of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where its input is wrong"
)]

use mupac_ir::interpret::{Bytes, Machine, ReducedStatements, Value};
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
