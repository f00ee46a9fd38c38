//! A launch cut in two, before the last loop in the code of its threads.

use mupac_ir::{Block, Function, LoopName, Stmt};

use super::names::Names;
use crate::region;

/// Returns what stands before a loop in its block, if that is nothing but assignments and names, and nothing stands behind
/// the loop.
pub(super) fn before<'a>(block: &'a [Stmt], target: &LoopName) -> Option<&'a [Stmt]> {
    if let Some(at) = position(block, target) {
        let (before, rest) = block.split_at(at);
        let is_plain = |stmt: &Stmt| matches!(stmt, Stmt::Compute(_) | Stmt::Let(..));
        return (rest.len() == 1 && before.iter().all(is_plain)).then_some(before);
    }
    let mut inside = block.iter().flat_map(region::blocks);
    inside.find_map(|inner| before(inner, target))
}

/// Gives the assignments before a loop a launch of their own, of the same blocks and threads; `None` where [`before`] has
/// none to say.
pub(super) fn cut_before(
    function: &Function,
    region: &mut Block,
    launch: &LoopName,
    target: &LoopName,
) -> Option<()> {
    let known = region.clone();
    let own = before(&region::find(&known, launch)?.body, target)?;
    if region::numbers(own).is_empty() {
        return Some(());
    }
    region::replace(region, launch, &mut |whole| {
        let (mut first, mut second) = (vec![Stmt::For(whole.clone())], vec![Stmt::For(whole)]);
        at_loop(&mut first, target, &|block, at| block.truncate(at))?;
        at_loop(&mut second, target, &|block, at| {
            let mut rest = block.split_off(at);
            block.retain(|stmt| matches!(stmt, Stmt::Let(..)));
            block.append(&mut rest);
        })?;
        Names::of(function, &known).rename(&mut first);
        first.append(&mut second);
        Some(first)
    })
}

fn position(block: &[Stmt], target: &LoopName) -> Option<usize> {
    let is_target = |stmt: &Stmt| region::loop_name(stmt) == Some(target);
    block.iter().position(is_target)
}

/// Changes the block in which a loop stands, at its position.
fn at_loop(block: &mut Block, target: &LoopName, change: &dyn Fn(&mut Block, usize)) -> Option<()> {
    if let Some(at) = position(block, target) {
        change(block, at);
        return Some(());
    }
    let mut inside = block.iter_mut().flat_map(region::blocks_mut);
    inside.find_map(|inner| at_loop(inner, target, change))
}
