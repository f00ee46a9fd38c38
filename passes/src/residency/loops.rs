//! What loops of the host touch of memory, as a whole: from the first to the last element, named before the loop.
//!
//! More may be named than is touched, never less: a loop counts as if each of its iterations did all that any of its text
//! does, whatever conditions decide. What is found by memory that the loop may change, or by variables that it assigns, is not
//! named, nor what is found by subscripts of which is not known which way they go; of an array that lies in a variable all is
//! named then, and of what is read all comes home.
//! What names an element is evaluated before the loop, which may not run at all: it follows no pointer that the loop's own
//! bounds do not follow, and divides by constants.

use std::collections::BTreeMap;

use mupac_ir::structure::{each, extents, visit};
use mupac_ir::{
    Block, Expr, ExprKind, Extent, Function, Handle, Loop, Module, Place, Projection, RegionPlan,
    Span, Stmt, Touched, Type,
};

use super::bounds::{self, Counted};
use super::events::contains;
use super::ranges::Ranges;
use super::reach::is_variable;
use super::steady::Steady;
use super::stretches::followed;

/// What loops touch that run no region, by the loop; variables included that no copy holds.
pub(super) type Loops = BTreeMap<Span, Touched>;

/// Finds what the loops of a file touch; what names it is added to the functions.
pub(super) fn of(module: &mut Module, regions: &[RegionPlan]) -> Loops {
    let mut found = Loops::new();
    let functions: Vec<_> = module.functions.iter().map(|(of, _)| of).collect();
    for of in functions {
        let placed = regions.iter().filter(|region| region.of == of);
        let placed: Vec<Span> = placed.map(|region| region.replaces).collect();
        let body = std::mem::take(&mut module.functions[of].body);
        each(&body, &mut |stmt| {
            let span = stmt.span();
            let is_apart = |at: &Span| !contains(*at, span) && !contains(span, *at);
            let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
            if is_loop && placed.iter().all(is_apart) {
                found.extend(touched(module, of, stmt).map(|touched| (span, touched)));
            }
        });
        module.functions[of].body = body;
    }
    found
}

/// Returns what a loop touches; `None` where not all can be named.
fn touched(module: &mut Module, of: Handle<Function>, stmt: &Stmt) -> Option<Touched> {
    let steady = Steady::of(module, &module.functions[of], stmt);
    let mut nest = Nest {
        module,
        of,
        steady,
        around: Vec::new(),
        ranges: Ranges::default(),
    };
    nest.statement(stmt)?;
    let (read, written) = nest.ranges.named();
    Some(Touched {
        function: of,
        read,
        written,
    })
}

struct Nest<'a> {
    module: &'a mut Module,
    of: Handle<Function>,
    steady: Steady,
    /// The loops around a statement that count, outermost first.
    around: Vec<Counted>,
    ranges: Ranges,
}

impl Nest<'_> {
    fn function(&self) -> &Function {
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
                let blocks = [&each.before_test, &each.body, &each.after_body];
                blocks.into_iter().try_for_each(|block| self.block(block))
            }
            Stmt::If(branch) => {
                self.value(branch.condition);
                self.block(&branch.then)?;
                self.block(&branch.otherwise)
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

    /// Takes in a loop; where its counter is not known to lie between two numbers, what it counts to has no name.
    fn counted(&mut self, each: &Loop) -> Option<()> {
        self.value(each.start);
        self.value(each.end);
        let leaves = self.steady.leaves;
        let function = &mut self.module.functions[self.of];
        let Some(counted) = Counted::of(function, each, leaves) else {
            return self.block(&each.body);
        };
        self.around.push(counted);
        let done = self.block(&each.body);
        self.around.pop();
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
        for (place, is_read) in places {
            self.pointers(&place);
            if is_read {
                self.read(&place);
            }
        }
    }

    /// Takes in the pointers that a path follows.
    fn pointers(&mut self, place: &Place) {
        for pointer in followed(self.module, self.function(), place) {
            self.read(&pointer);
        }
    }

    fn read(&mut self, place: &Place) {
        if self.is_passed_over(place) {
            return;
        }
        match self.ends(place) {
            Some((first, last)) => self
                .ranges
                .read(&self.module.functions[self.of], first, last),
            None => self.ranges.read_all(),
        }
    }

    fn write(&mut self, place: &Place) -> Option<()> {
        mupac_ir::structure::indices(place).for_each(|index| self.value(index));
        self.pointers(place);
        if !self.is_passed_over(place) {
            let (first, last) = self.ends(place)?;
            let function = &self.module.functions[self.of];
            self.ranges.write(function, first, last);
        }
        Some(())
    }

    fn is_passed_over(&self, place: &Place) -> bool {
        is_variable(self.function(), place)
            || self.steady.is_fresh(self.module, self.function(), place)
    }

    /// Returns the first and the last element that a place is while the loop runs.
    fn ends(&mut self, place: &Place) -> Option<(Place, Place)> {
        let own = &self.function().vars[place.var];
        let is_found = extents(&own.ty).is_empty()
            && self.steady.keeps_place(self.module, self.function(), place);
        if !is_found {
            return None;
        }
        self.between(place).or_else(|| self.whole(place))
    }

    fn between(&mut self, place: &Place) -> Option<(Place, Place)> {
        let (mut first, mut last) = (place.clone(), place.clone());
        for (position, step) in place.path.iter().enumerate() {
            let Projection::Index(index) = step else {
                continue;
            };
            let function = &mut self.module.functions[self.of];
            let (low, high) = bounds::ends(function, *index, &self.around)?;
            let keeps = |expr| self.steady.keeps(self.module, self.function(), expr);
            if !keeps(low) || !keeps(high) {
                return None;
            }
            first.path[position] = Projection::Index(low);
            last.path[position] = Projection::Index(high);
        }
        let pointers = followed(self.module, self.function(), &first);
        let is_one_object = pointers == followed(self.module, self.function(), &last);
        is_one_object.then_some((first, last))
    }

    /// Returns the variable that a place lies in, if its size is known.
    fn whole(&self, place: &Place) -> Option<(Place, Place)> {
        let mut ty = &self.function().vars[place.var].ty;
        while let Type::Array {
            of,
            length: Extent::Fixed(_),
        } = ty
        {
            ty = of;
        }
        let has_size = matches!(ty, Type::Scalar(_) | Type::Pointer { .. } | Type::Record(_));
        let is_inside = followed(self.module, self.function(), place).is_empty();
        let whole = Place {
            var: place.var,
            path: Vec::new(),
        };
        (has_size && is_inside).then(|| (whole.clone(), whole))
    }
}
