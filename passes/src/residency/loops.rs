//! What loops of the host touch of memory, as a whole: from the first to the last element, named before the loop.
//!
//! More may be named than is touched, never less: a loop counts as if each of its iterations did all that any of its text
//! does, whatever conditions decide. What is found by memory that the loop may change, or by variables that it assigns, is not
//! named, nor what is found by subscripts of which is not known which way they go; of an array that lies in a variable all is
//! named then, and of what is read all comes home.
//! What names an element is evaluated before the loop, which may not run at all: it follows no pointer that the loop's own
//! bounds do not follow, and divides by constants; its numbers leave no type, whatever the loop comes to.

use std::collections::BTreeMap;

use mupac_ir::structure::{self, blocks, each, extents, visit};
use mupac_ir::{
    self as ir, Block, Expr, ExprKind, Function, Handle, Loop, Module, Place, Projection,
    RegionPlan, Span, Stmt, Stretch, Touched, Type,
};

use super::bounds::{self, Counted};
use super::events::contains;
use super::forms::{Form, Leaf, Leaves};
use super::heap::{self, Sizes};
use super::ranges::{Extent, Range, Ranges, Step};
use super::reach::is_variable;
use super::steady::{Course, Steady, is_evaluated_whole};
use super::stretches::followed;
use crate::analyse::size_bytes;

/// No pointer is larger.
const POINTER_BYTES: u64 = 8;

/// What loops touch that run no region, by where they stand; variables too that no copy holds.
pub(super) type Loops = BTreeMap<Span, Touched>;

/// Finds what the loops of a file touch; what names it is added to the functions.
pub(super) fn of(module: &mut Module, regions: &[RegionPlan]) -> Loops {
    let mut found = Loops::new();
    let functions: Vec<_> = module.functions.iter().map(|(of, _)| of).collect();
    for of in functions {
        let placed = regions.iter().filter(|region| region.of == of);
        let placed: Vec<Span> = placed.map(|region| region.replaces).collect();
        let sizes = heap::sizes(module, of);
        let body = std::mem::take(&mut module.functions[of].body);
        let mut spans = Vec::new();
        each(&body, &mut |stmt| spans.push(stmt.span()));
        let is_apart = |span: Span| {
            let mut all = placed.iter();
            all.all(|at| !contains(*at, span) && !contains(span, *at))
        };
        for (at, group) in loops(&body) {
            if is_apart(at) && is_all_there(&group, at, &spans) {
                found.extend(touched(module, of, &group, &sizes).map(|touched| (at, touched)));
            }
        }
        module.functions[of].body = body;
    }
    found
}

/// Returns the loops of a block and of those inside, each with the statements beside it that stand where it does: what a `for`
/// sets first, or a macro does besides.
fn loops(block: &Block) -> Vec<(Span, Vec<&Stmt>)> {
    let mut found = Vec::new();
    for stmt in block {
        if matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
            let at = stmt.span();
            let group = block.iter().filter(|each| contains(at, each.span()));
            found.push((at, group.collect()));
        }
        found.extend(blocks(stmt).flat_map(loops));
    }
    found
}

/// Returns whether all statements of a function that stand at a place are in a group: a macro may make a loop around it as well.
fn is_all_there(group: &[&Stmt], at: Span, spans: &[Span]) -> bool {
    let mut inside = 0;
    for stmt in group {
        each(std::slice::from_ref(stmt), &mut |stmt| {
            inside += usize::from(contains(at, stmt.span()));
        });
    }
    inside == spans.iter().filter(|span| contains(at, **span)).count()
}

/// Returns what a loop touches, with what stands there besides; `None` where not all can be named.
fn touched(
    module: &mut Module,
    of: Handle<Function>,
    group: &[&Stmt],
    sizes: &Sizes,
) -> Option<Touched> {
    let steady = Steady::of(module, &module.functions[of], group);
    // A declaration inside may bring a variable of the file, which has another name before the loop, or none.
    let text = module.source.text();
    let mut texts = group
        .iter()
        .filter_map(|stmt| text.get(stmt.span().range()));
    if steady.writes_unknown || texts.any(|text| text.contains("extern")) {
        return None;
    }
    let mut nest = Nest {
        module,
        of,
        sizes,
        is_certain: steady.course == Course::Whole,
        steady,
        around: Vec::new(),
        leaves: Leaves::default(),
        ranges: Ranges::default(),
    };
    group.iter().try_for_each(|stmt| nest.statement(stmt))?;
    let Nest { leaves, ranges, .. } = nest;
    let (read, written) = ranges.named(&mut module.functions[of], &leaves);
    Some(Touched {
        function: of,
        read,
        written,
    })
}

struct Nest<'a> {
    module: &'a Module,
    of: Handle<Function>,
    sizes: &'a Sizes,
    steady: Steady,
    /// The loops around a statement that count, outermost first.
    around: Vec<Counted>,
    /// Whether every iteration comes to the statement.
    is_certain: bool,
    leaves: Leaves,
    ranges: Ranges,
}

impl<'a> Nest<'a> {
    fn function(&self) -> &'a Function {
        &self.module.functions[self.of]
    }

    fn block(&mut self, block: &Block) -> Option<()> {
        block.iter().try_for_each(|stmt| self.statement(stmt))
    }

    /// Takes in all that a statement touches; `None` where some of what it writes cannot be named.
    fn statement(&mut self, stmt: &Stmt) -> Option<()> {
        match stmt {
            Stmt::Compute(compute) => {
                self.value(compute.value);
                self.write(&compute.target)
            }
            Stmt::Call(call) => {
                call.arguments.iter().for_each(|each| self.value(*each));
                call.target.iter().try_for_each(|place| self.write(place))
            }
            Stmt::For(each) => self.counted(each),
            Stmt::While(each) => {
                self.value(each.condition);
                self.now_and_then(&[&each.before_test, &each.body, &each.after_body])
            }
            Stmt::If(branch) => {
                self.value(branch.condition);
                self.now_and_then(&[&branch.then, &branch.otherwise])
            }
            Stmt::Return(value, _) => {
                if let Some(value) = value {
                    self.value(*value);
                }
                Some(())
            }
            Stmt::Declare(..) | Stmt::Break(_) | Stmt::Continue(_) => Some(()),
            Stmt::Let(..) | Stmt::Barrier | Stmt::Verbatim(..) => None,
        }
    }

    /// Takes in blocks that not every iteration comes to.
    fn now_and_then(&mut self, blocks: &[&Block]) -> Option<()> {
        self.where_certain(false, |nest| {
            blocks.iter().try_for_each(|block| nest.block(block))
        })
    }

    /// Takes in what every iteration comes to if it comes there and something holds.
    fn where_certain<R>(&mut self, holds: bool, take: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.is_certain;
        self.is_certain &= holds;
        let taken = take(self);
        self.is_certain = before;
        taken
    }

    /// Takes in a loop; where it is not known what it counts to, nothing that its counter finds has a name.
    fn counted(&mut self, each: &Loop) -> Option<()> {
        self.value(each.start);
        self.value(each.end);
        let (steady, function) = (&self.steady, self.function());
        let moves = |var| steady.assigns(var);
        let keeps = |bound| steady.keeps(self.module, function, bound);
        // Else it may run in some iterations of the loops around it, and not in others; and in steps it comes to no end.
        let is_alike = self.around.is_empty() || keeps(each.start) && keeps(each.end);
        let is_certain = self.is_certain && is_alike && each.step.abs() == 1;
        let how = (steady.leaves(), is_certain);
        let counted = Counted::of(function, &mut self.leaves, each, how, &moves);
        let is_counted = counted.is_some();
        self.around.extend(counted);
        let done = self.where_certain(is_certain, |nest| nest.block(&each.body));
        if is_counted {
            self.around.pop();
        }
        done
    }

    /// Takes in what evaluating an expression reads.
    fn value(&mut self, expr: Handle<Expr>) {
        let mut places = Vec::new();
        visit(self.function(), expr, &mut |_, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                let is_read = matches!(node.kind, ExprKind::Load(_));
                places.push((place.clone(), is_read));
            }
        });
        let is_certain = is_evaluated_whole(self.function(), expr);
        self.where_certain(is_certain, |nest| {
            for (place, is_read) in places {
                nest.pointers(&place);
                if is_read {
                    nest.read(&place);
                }
            }
        });
    }

    /// Takes in the pointers that a path follows.
    fn pointers(&mut self, place: &Place) {
        for pointer in followed(self.module, self.function(), place) {
            self.read(&pointer);
        }
    }

    fn read(&mut self, place: &Place) {
        if !self.is_passed_over(place) {
            let extent = self.extent(place);
            self.ranges.read(extent);
        }
    }

    fn write(&mut self, place: &Place) -> Option<()> {
        structure::indices(place).for_each(|index| self.value(index));
        self.pointers(place);
        if !self.is_passed_over(place) {
            let extent = self.extent(place)?;
            self.ranges.write(extent);
        }
        Some(())
    }

    fn is_passed_over(&self, place: &Place) -> bool {
        is_variable(self.function(), place)
            || self.steady.is_fresh(self.module, self.function(), place)
    }

    /// Returns what a place is while the loop runs.
    fn extent(&mut self, place: &Place) -> Option<Extent> {
        let own = &self.function().vars[place.var];
        let is_found = extents(&own.ty).is_empty()
            && self.steady.keeps_place(self.module, self.function(), place);
        if !is_found {
            return None;
        }
        let range = self.between(place).or_else(|| self.whole(place));
        range.map(Extent::Range).or_else(|| self.allocated(place))
    }

    /// Returns the object behind a pointer, if the function says how large it is.
    fn allocated(&self, place: &Place) -> Option<Extent> {
        let pointers = followed(self.module, self.function(), place);
        let (from, count) = self.sizes.get(&place.var)?;
        let keeps = self.steady.keeps(self.module, self.function(), *count);
        let (from, count) = (*from, *count);
        (keeps && pointers.len() == 1).then_some(Extent::Object(Stretch::Bytes { from, count }))
    }

    fn between(&mut self, place: &Place) -> Option<Range> {
        let steps = place.path.iter().enumerate();
        let steps = steps.map(|(position, step)| match step {
            Projection::Index(index) => {
                let element = Place {
                    var: place.var,
                    path: place.path[..=position].to_vec(),
                };
                let bytes = self.size_bytes(&element)?;
                self.subscripts(*index, bytes)
            }
            Projection::Field(field) => Some(Step::Field(*field)),
        });
        let path = steps.collect::<Option<_>>()?;
        let pointers = followed(self.module, self.function(), place);
        Some(Range {
            var: place.var,
            path,
            led: pointers.last().map_or(0, |pointer| pointer.path.len()),
        })
    }

    /// Returns between which two a subscript lies, if both have names that are numbers of 64 bits: sums and products that the
    /// program computes too are.
    fn subscripts(&mut self, index: Handle<Expr>, bytes: u64) -> Option<Step> {
        let (module, steady) = (self.module, &self.steady);
        let function = &module.functions[self.of];
        let moves = |var| steady.assigns(var);
        let form = self.leaves.form(function, index, &moves)?;
        let (low, high) = bounds::ends(function, &self.leaves, &form, &self.around)?;
        let leaves = &self.leaves;
        let is_near = |product: &[Leaf]| bounds::is_near(product, &self.around);
        let has_name = |form: &Form| {
            let is_number = self.is_certain || leaves.fits(function, form, bytes, &is_near);
            let mut named = leaves.named(form);
            is_number
                && form.is_sayable()
                && named.all(|value| steady.keeps(module, function, value))
        };
        (has_name(&low) && has_name(&high)).then_some(Step::Between(low, high))
    }

    /// Returns the size of what a place holds.
    fn size_bytes(&self, place: &Place) -> Option<u64> {
        let ty = self.function().place_type(&self.module.records, place)?;
        match ty {
            Type::Pointer { .. } => Some(POINTER_BYTES),
            Type::Scalar(_)
            | Type::Record(_)
            | Type::Array { .. }
            | Type::Void
            | Type::Opaque(_) => size_bytes(self.module, &ty),
        }
    }

    /// Returns the variable that a place lies in, if its size is known.
    fn whole(&self, place: &Place) -> Option<Range> {
        let mut ty = &self.function().vars[place.var].ty;
        let mut path = Vec::new();
        while let Type::Array {
            of,
            length: ir::Extent::Fixed(length),
        } = ty
        {
            let last = i128::from(*length) - 1;
            path.push(Step::Between(Form::constant(0), Form::constant(last)));
            ty = of;
        }
        let has_size = matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_));
        let is_inside = followed(self.module, self.function(), place).is_empty();
        (has_size && is_inside).then_some(Range {
            var: place.var,
            path,
            led: 0,
        })
    }
}
