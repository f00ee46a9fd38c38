//! Where programs come from: families of random ones, of which some are never trained on.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use mupac_ir::generate::{Family, Options, program};
use mupac_ir::hash::text_hash;
use mupac_ir::random::Random;
use mupac_ir::{ExprKind, Handle, Module, Storage, Type, Var};
use mupac_passes::State;

/// The families that no network is trained on, one a line, with what they are for.
const FAMILIES: &str = include_str!("../../train/families.txt");

/// What the list hashed to before the first training: whoever changes it has to train and measure anew.
const FAMILIES_HASH: &str = "a453dd14a67f7ced";

/// What a family is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Networks learn from it.
    Training,
    /// Networks and settings are chosen by it.
    Validation,
    /// What was chosen is measured on it.
    HeldOut,
}

/// Returns what a function makes of every item, in their order, whichever is done first.
pub(crate) fn in_parallel<T: Copy + Sync, R: Send>(
    items: &[T],
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, *item))
                } {
                    let made = work(item);
                    done.lock().unwrap().insert(at, made);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// Returns the use of families that a command line names.
pub(crate) fn use_named(word: &str) -> Use {
    match word {
        "held-out" => Use::HeldOut,
        _ => Use::Validation,
    }
}

/// Returns what a family is for.
pub(crate) fn use_of(family: Family) -> Use {
    assert_eq!(text_hash(FAMILIES), FAMILIES_HASH, "the list has changed");
    let is_listed = |word: &str| {
        FAMILIES
            .lines()
            .any(|line| line == format!("{word} {family:?}"))
    };
    if is_listed("held-out") {
        Use::HeldOut
    } else if is_listed("validation") {
        Use::Validation
    } else {
        Use::Training
    }
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
