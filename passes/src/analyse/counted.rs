//! Walks counted loops: which values their iterators take, and what stands in the way of that.

use mupac_ir::{
    Expr, ExprKind, Function, Handle, Loop, Place, Projection, Reason, Refusal, Span, Stmt, Type,
    fold,
};

use super::invariant::Repeated;
use super::scan::{Listed, LoopSite, Scan};
use super::{names, remedy};
use crate::affine::{Affine, Atoms, Formula};
use crate::{build, region};

impl Scan<'_> {
    pub(super) fn counted(&mut self, each: &Loop) {
        let site = self.decision(each.end);
        let before = self.accesses.len();
        self.reads(each.start, site, &mut Vec::new(), true);
        self.reads(each.end, site, &mut Vec::new(), true);
        let control = self.control_since(before);
        self.check_iterator(each);
        let (start, listed) = self.bound(each.start, each.step < 0);
        let before = self.before_loop(&[&each.body], Some(each));
        self.forget(&each.body);
        self.values.remove(&each.iterator);
        let outer = self.here.clone();
        self.here.control.extend(control);
        self.enter(each, (start, listed));
        let repeated = Repeated {
            condition: None,
            blocks: &[&each.body],
        };
        let invariants = self.iterations(&before, repeated, &|_| {});
        let has_return = names::has_return(&each.body);
        self.here = outer;
        self.here.is_uncertain |= has_return;
        self.forget(&each.body);
        self.values.remove(&each.iterator);
        self.after_loop(&before, &invariants);
    }

    fn check_iterator(&mut self, each: &Loop) {
        let var = &self.function.vars[each.iterator];
        if var.is_volatile {
            let variable = names::shown(var);
            self.refuse(Reason::Volatile { variable }, each.header_span);
        }
        if var.is_address_taken || !var.is_plain_local() {
            let variable = names::shown(var);
            let construct = format!("the loop variable {variable}, which other code may reach,");
            self.refuse(Reason::Unsupported { construct }, each.header_span);
        }
        let distances = build::ceilings(self.function, each.end);
        if !distances.into_iter().all(|step| self.is_positive(step)) {
            let why = "its step may be 0 or less".to_owned();
            self.refuse(Reason::UncountableLoop { why }, each.header_span);
        }
        if let Some((bound, change)) = self.changed_bound(each) {
            let refusal = self.changing(each, &bound, change);
            self.refusals.push(refusal);
        }
    }

    /// Returns the reason against a loop whose body writes to what its end is read from, or beside it.
    fn changing(&self, each: &Loop, bound: &Place, change: Option<(&Place, Span)>) -> Refusal {
        let spelled = |place: &Place| remedy::place(self.module, self.function, place);
        let is_beside = change.is_some_and(|(place, _)| are_apart(self.function, bound, place));
        let reason = match change {
            Some((place, _)) if is_beside => {
                let (place, bound) = (spelled(place), spelled(bound));
                let construct =
                    format!("writing {place} beside the bound {bound} of the same object");
                Reason::Unsupported { construct }
            }
            Some(_) | None => Reason::ModifiedBound {
                variable: spelled(bound),
            },
        };
        let refusal = Refusal::new(reason, each.header_span);
        let refusal = match change {
            Some((_, span)) => refusal.with(span, "changed here"),
            None => refusal,
        };
        let copy = remedy::copied(self.module, self.function, bound);
        match copy.filter(|_| is_beside) {
            Some(copy) => {
                refusal.helped(format!("read it into a variable before the loop: `{copy}`"))
            }
            None => refusal,
        }
    }

    /// Returns a place of the end in which, or beside which, the body writes, and that write; of several writes one that
    /// changes the place itself.
    fn changed_bound<'l>(&self, each: &'l Loop) -> Option<(Place, Option<(&'l Place, Span)>)> {
        let mut read = Vec::new();
        build::visit(self.function, each.end, &mut |_, node| {
            if let ExprKind::Load(place) | ExprKind::Address(place) = &node.kind {
                read.push(place.clone());
            }
        });
        read.into_iter().find_map(|bound| {
            let mut writes = Vec::new();
            let mut is_counter = bound.var == each.iterator;
            region::each(&each.body, &mut |stmt| {
                let target = region::target(stmt).filter(|place| self.is_beside(&bound, place));
                writes.extend(target.map(|place| (place, stmt.span())));
                is_counter |= matches!(stmt, Stmt::For(inner) if inner.iterator == bound.var);
            });
            writes.sort_by_key(|(place, _)| are_apart(self.function, &bound, place));
            let first = writes.first().copied();
            (is_counter || first.is_some()).then_some((bound, first))
        })
    }

    /// Returns whether a place lies in the object that another one is part of, as far as it is reached in the same way.
    fn is_beside(&self, one: &Place, other: &Place) -> bool {
        let is_same = |(own, step): &(&Projection, &Projection)| match (own, step) {
            (Projection::Field(own), Projection::Field(step)) => own == step,
            (Projection::Index(_), Projection::Index(_)) => true,
            (Projection::Field(_), Projection::Index(_))
            | (Projection::Index(_), Projection::Field(_)) => false,
        };
        let shared = one.path.iter().zip(&other.path).take_while(is_same).count();
        // Behind a pointer lies something else.
        let is_pointer = |at: usize| {
            let way = Place {
                var: other.var,
                path: other.path[..at].to_vec(),
            };
            let ty = self.function.place_type(&self.module.records, &way);
            matches!(ty, Some(Type::Pointer { .. }))
        };
        one.var == other.var && !(shared..other.path.len()).any(is_pointer)
    }

    /// Returns a bound of a loop, with the numbers in it that are at most the greatest of a table, where no counter exceeds it.
    fn bound(&mut self, bound: Handle<Expr>, is_last: bool) -> (Option<Affine>, Vec<Listed>) {
        self.in_end = is_last.then(Vec::new);
        let value = self.affine(bound);
        (value, self.in_end.take().unwrap_or_default())
    }

    /// Steps into a loop: its iterator from here on counts within its bounds.
    fn enter(&mut self, each: &Loop, (start, listed): (Option<Affine>, Vec<Listed>)) {
        let (end, more) = self.bound(each.end, each.step > 0);
        let is_listed = !listed.is_empty() || !more.is_empty();
        self.loops.push(LoopSite {
            name: each.name.clone(),
            depth: self.here.loops.len(),
            header_span: each.header_span,
            obstacles: self.loop_obstacles(each),
        });
        let bounds = start.zip(end).and_then(|(start, end)| {
            self.count_fits(each, &start, &end)
                .then(|| super::domain::counting(each.iterator, &start, &end, each.step))
                .flatten()
        });
        let is_exact = bounds.as_ref().is_some_and(Formula::is_exact);
        let function = self.function;
        self.here.listed.extend(listed.into_iter().chain(more));
        // Where a counter counts again, a place found by it is another one.
        self.here.listed.retain(|(place, _)| {
            let mut indices = build::indices(place);
            !indices.any(|index| build::names(function, index, each.iterator))
        });
        self.here.is_in_counted = true;
        self.here.iterators.push(each.iterator);
        self.here.loops.push((each.name.clone(), each.step < 0));
        self.here.is_uncertain |= !is_exact;
        if let Some(bounds) = bounds {
            if is_listed || self.is_chosen(each, &bounds) {
                self.obstruct(each);
            }
            self.here.domain.push(bounds);
        } else if !self.has_text && self.changed_bound(each).is_none() {
            self.unbounded(each);
        }
    }

    /// A thread runs a loop whose bounds depend on data, whatever its iterator counts; what it touches is for inspections
    /// to find. An outermost one says how much there is to do, which must be known before.
    fn unbounded(&mut self, each: &Loop) {
        self.unbounded.insert(each.iterator);
        self.obstruct(each);
    }

    /// Returns whether a condition chooses a bound that the host cannot compute beforehand as one number.
    fn is_chosen(&self, each: &Loop, bounds: &Formula) -> bool {
        let mut atoms = Atoms::default();
        bounds.collect(&mut atoms);
        let mut chooses = false;
        for bound in [each.start, each.end] {
            build::visit(self.function, bound, &mut |_, node| {
                chooses |= matches!(node.kind, ExprKind::Select { .. });
            });
        }
        chooses && !atoms.unknowns.is_empty()
    }

    /// Notes that the iterations of a loop cannot be shared out, since the host does not know how many there are.
    fn obstruct(&mut self, each: &Loop) {
        let refusal = Refusal::new(Reason::NonAffineBound, each.header_span);
        let is_outermost = self.here.loops.len() == 1;
        match self.loops.last_mut() {
            Some(site) if !is_outermost => site.obstacles.push(refusal),
            Some(_) | None => self.refusals.push(refusal),
        }
    }

    /// An iteration may end the loop; the iterations of an uncounted loop around run in order, and what they carry is not
    /// analysed.
    fn loop_obstacles(&self, each: &Loop) -> Vec<Refusal> {
        if self.made.left.contains_key(&each.name) {
            let how = "break".to_owned();
            return vec![Refusal::new(Reason::EarlyExit { how }, each.header_span)];
        }
        if self.here.whiles == 0 {
            return Vec::new();
        }
        let why = "it stands inside a loop without a counter".to_owned();
        vec![Refusal::new(
            Reason::UncountableLoop { why },
            each.header_span,
        )]
    }
}

/// Returns whether two places of one variable are different members, or different elements of an array.
fn are_apart(function: &Function, a: &Place, b: &Place) -> bool {
    for (own, other) in a.path.iter().zip(&b.path) {
        match (own, other) {
            (Projection::Field(own), Projection::Field(other)) if own != other => return true,
            (Projection::Index(own), Projection::Index(other)) => {
                let numbers = [own, other].map(|index| fold::constant(function, *index));
                match numbers {
                    [Some(own), Some(other)] if own != other => return true,
                    [Some(_), Some(_)] => {}
                    [None, _] | [_, None] => return false,
                }
            }
            (Projection::Field(_), Projection::Field(_)) => {}
            (Projection::Field(_), Projection::Index(_))
            | (Projection::Index(_), Projection::Field(_)) => return false,
        }
    }
    false
}
