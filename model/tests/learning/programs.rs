//! Where programs come from: families of random ones, of which some are never trained on.

use std::sync::Arc;

use mupac_ir::generate::{Family, Options, program};
use mupac_ir::hash::text_hash;
use mupac_ir::random::Random;
use mupac_ir::{ExprKind, Handle, Module, Storage, Type, Var};
use mupac_passes::State;

/// The families that no network is trained on, one a line.
const HELD_OUT: &str = include_str!("../../train/held_out.txt");

/// What the list hashed to before the first training: whoever changes it has to train and measure anew.
const HELD_OUT_HASH: &str = "c4e5de81162c1667";

/// Returns whether networks are measured on a family, and not trained.
pub(crate) fn is_held_out(family: Family) -> bool {
    assert_eq!(text_hash(HELD_OUT), HELD_OUT_HASH, "the list has changed");
    HELD_OUT.lines().any(|line| line == format!("{family:?}"))
}

/// Returns the regions of a random program; in half of the programs sizes are known, of any order of magnitude.
pub(crate) fn regions(family: Family, seed: u64) -> Vec<State> {
    let options = Options {
        families: vec![family],
        inputs: 1,
    };
    let Some(case) = program(seed, &options) else {
        return Vec::new();
    };
    let mut module = case.module;
    let mut random = Random::new(seed ^ 0x51_7ec0);
    if random.chance(1, 2) {
        fix_sizes(&mut module, case.function, &mut random);
    }
    let workload = Arc::new(mupac_passes::analyse(module));
    let numbers = 0..workload.regions.len();
    numbers
        .filter_map(|number| State::new(Arc::clone(&workload), number))
        .collect()
}

/// Writes a number in place of every integer parameter.
fn fix_sizes(module: &mut Module, of: Handle<mupac_ir::Function>, random: &mut Random) {
    let function = &mut module.functions[of];
    let is_size = |var: &mupac_ir::function::Var| {
        let is_integer =
            matches!(&var.ty, Type::Scalar(ty) if !ty.is_float() && ty.size_bytes() >= 4);
        var.storage == Storage::Parameter && is_integer
    };
    let sizes: Vec<(Handle<Var>, i128)> = function
        .vars
        .iter()
        .filter(|(_, var)| is_size(var))
        .map(|(handle, _)| {
            let exact = 1_i64 << random.between(5, 13);
            (
                handle,
                i128::from(random.choose(exact, &[exact + 3, exact * 3, exact])),
            )
        })
        .collect();
    let loads: Vec<_> = function
        .exprs
        .iter()
        .filter_map(|(handle, expr)| {
            let ExprKind::Load(place) = &expr.kind else {
                return None;
            };
            let (_, size) = sizes.iter().find(|(var, _)| *var == place.var)?;
            place.path.is_empty().then_some((handle, *size))
        })
        .collect();
    for (handle, size) in loads {
        function.exprs[handle].kind = ExprKind::Int(size);
    }
}
