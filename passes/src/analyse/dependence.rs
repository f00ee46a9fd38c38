//! Which instances touch the same element, at least one writing it, and which loops carry that.
//!
//! Every conflicting pair counts, not only the last writer of a value: whatever keeps all of them in order keeps the
//! program's meaning.

use std::collections::BTreeMap;

use mupac_ir::{DependenceKind, Handle, LoopName, Reason, Refusal, Var, Witness};

use super::access::{Access, Site};
use super::delinearise::Shape;
use super::domain;
use super::names::shown;
use super::pairs::Part;
use super::reduction::Tag;
use super::remedy;
use super::scan::{LoopSite, Scan};
use crate::facts::{Dependence, Event};
use crate::isl;
use crate::symbol::Symbol;

/// What the accesses of a region have to do with one another.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    pub(crate) dependences: Vec<Dependence>,
    /// For each loop, why its iterations cannot run in any order.
    pub(crate) carried: BTreeMap<LoopName, Vec<Refusal>>,
}

/// Finds all of them, under a condition on the parameters.
pub(crate) fn conflicts(
    scan: &Scan<'_>,
    private: &BTreeMap<Handle<Var>, usize>,
    shapes: &BTreeMap<Handle<Var>, Shape>,
    context: &isl::Set,
) -> Result<Conflicts, isl::Error> {
    let mut finder = Finder::new(scan, private, shapes, context);
    for accesses in distinct(scan).values() {
        for earlier in accesses {
            for later in accesses {
                if scan.accesses[*earlier].is_write || scan.accesses[*later].is_write {
                    finder.pair(*earlier, *later)?;
                }
            }
        }
    }
    for refusals in finder.found.carried.values_mut() {
        refusals.sort_by_key(rank);
        temporaries(scan, refusals);
    }
    Ok(finder.found)
}

/// Makes one reason of all variables that iterations could have for themselves, with what declares them.
fn temporaries(scan: &Scan<'_>, refusals: &mut Vec<Refusal>) {
    let is_one = |refusal: &Refusal| matches!(refusal.reason, Reason::SharedTemporary { .. });
    let Some(first) = refusals.iter().position(is_one) else {
        return;
    };
    let mut names: Vec<String> = Vec::new();
    for refusal in refusals.iter() {
        if let Reason::SharedTemporary { variables } = &refusal.reason {
            let new = variables.iter().filter(|name| !names.contains(name));
            names.extend(new.cloned().collect::<Vec<_>>());
        }
    }
    let is_named = |var: &&Handle<Var>| names.contains(&shown(&scan.function.vars[**var]));
    let vars: Vec<Handle<Var>> = scan.shared.keys().filter(is_named).copied().collect();
    let mut all = refusals.remove(first);
    refusals.retain(|refusal| !is_one(refusal));
    all.reason = Reason::SharedTemporary { variables: names };
    let them = if vars.len() > 1 { "them" } else { "it" };
    let declarations = remedy::declarations(scan.module, scan.function, &vars);
    let help = format!(
        "declare {them} inside of the loop, if no other code needs what is left there: `{declarations}`"
    );
    refusals.insert(0, all.helped(help));
}

/// A value that is needed explains more than a place that is used again.
fn rank(refusal: &Refusal) -> Option<DependenceKind> {
    if let Reason::CarriedDependence { kind, .. } = &refusal.reason {
        Some(*kind)
    } else {
        None
    }
}

/// Returns the accesses of events by variable, without those that repeat another one.
///
/// What a condition reads counts where it decides, not at what it decides about: the judge moves the two together.
fn distinct(scan: &Scan<'_>) -> BTreeMap<Handle<Var>, Vec<usize>> {
    let mut by_var: BTreeMap<Handle<Var>, Vec<usize>> = BTreeMap::new();
    for (index, access) in scan.accesses.iter().enumerate() {
        let known = by_var.entry(access.var).or_default();
        let is_repeated = known.iter().any(|other| {
            let other = &scan.accesses[*other];
            other.site == access.site
                && other.is_write == access.is_write
                && other.reduction == access.reduction
                && other.update == access.update
                && other.steps == access.steps
                && (other.domain.is_empty() || other.domain == access.domain)
        });
        let is_own = scan.sites[access.site].event.is_some() && !access.is_control;
        if is_own && !is_repeated {
            known.push(index);
        }
    }
    by_var
}

struct Finder<'a> {
    scan: &'a Scan<'a>,
    private: &'a BTreeMap<Handle<Var>, usize>,
    shapes: &'a BTreeMap<Handle<Var>, Shape>,
    context: &'a isl::Set,
    /// Texts that say which elements are touched, or which instances run first.
    texts: Texts,
    /// The text of the elements that an access touches by so many subscripts.
    touched: BTreeMap<(usize, usize), usize>,
    /// The text of which instances run first, by all that it is made of.
    orders: BTreeMap<domain::Order, Option<usize>>,
    /// The elements that instances touch, by the number of the text.
    elements: BTreeMap<usize, isl::Map>,
    /// By what decides them; `None`: empty.
    relations: BTreeMap<Meeting, Option<Relation>>,
    /// Relations by their text.
    forms: BTreeMap<String, usize>,
    /// Whether a relation of this number joins iterations of the loop of this depth.
    across: BTreeMap<(usize, usize), bool>,
    found: Conflicts,
}

/// Texts by number: there are many pairs of accesses, and few texts.
#[derive(Default)]
struct Texts {
    numbers: BTreeMap<String, usize>,
    all: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: String) -> usize {
        if let Some(known) = self.numbers.get(&text) {
            return *known;
        }
        let next = self.all.len();
        self.all.push(text.clone());
        self.numbers.insert(text, next);
        next
    }
}

/// What decides which instances of two accesses meet: numbers of texts, and the part that is asked for.
///
/// Statements have no say in it but by these, so a long body asks the solver a few questions and not one for each pair.
type Meeting = (usize, usize, usize, Part);

/// Pairs of instances, without the names of their statements.
#[derive(Clone, Debug)]
struct Relation {
    pairs: isl::Map,
    /// Equal for equal pairs.
    form: usize,
}

/// Values that one array would get from another if both were one.
pub(crate) struct Flows<'a> {
    finder: Finder<'a>,
    accesses: BTreeMap<Handle<Var>, Vec<usize>>,
}

impl<'a> Flows<'a> {
    pub(crate) fn new(
        scan: &'a Scan<'a>,
        shapes: &'a BTreeMap<Handle<Var>, Shape>,
        context: &'a isl::Set,
    ) -> Self {
        const NONE: &BTreeMap<Handle<Var>, usize> = &BTreeMap::new();
        Self {
            finder: Finder::new(scan, NONE, shapes, context),
            accesses: distinct(scan),
        }
    }

    /// Returns whether a read of one array may come after a write of the element of the same subscripts in another.
    pub(crate) fn exist(
        &mut self,
        written: Handle<Var>,
        read: Handle<Var>,
    ) -> Result<bool, isl::Error> {
        let of = |var| self.accesses.get(&var).into_iter().flatten().copied();
        let scan = self.finder.scan;
        let writes = of(written).filter(|at| scan.accesses[*at].is_write);
        let pairs = writes.flat_map(|write| of(read).map(move |read| (write, read)));
        for (write, read) in pairs {
            if !self.finder.meetings(write, read)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<'a> Finder<'a> {
    fn new(
        scan: &'a Scan<'a>,
        private: &'a BTreeMap<Handle<Var>, usize>,
        shapes: &'a BTreeMap<Handle<Var>, Shape>,
        context: &'a isl::Set,
    ) -> Self {
        Self {
            scan,
            private,
            shapes,
            context,
            texts: Texts::default(),
            touched: BTreeMap::new(),
            orders: BTreeMap::new(),
            elements: BTreeMap::new(),
            relations: BTreeMap::new(),
            forms: BTreeMap::new(),
            across: BTreeMap::new(),
            found: Conflicts::default(),
        }
    }

    /// Notes all that two accesses have to do with one another.
    fn pair(&mut self, earlier: usize, later: usize) -> Result<(), isl::Error> {
        let accesses = &self.scan.accesses;
        for (relation, first, reduction) in self.meetings(earlier, later)? {
            let element = self.elements(first)?;
            self.note(
                &accesses[earlier],
                &accesses[later],
                &element,
                &relation,
                reduction,
            )?;
        }
        Ok(())
    }

    /// Returns the pairs of instances of two accesses that touch one element, the first before the second, with the text of
    /// the elements that the first touches and the reduction inside of which they lie.
    fn meetings(
        &mut self,
        earlier_index: usize,
        later_index: usize,
    ) -> Result<Vec<(Relation, usize, Option<usize>)>, isl::Error> {
        let scan = self.scan;
        let (earlier, later) = (&scan.accesses[earlier_index], &scan.accesses[later_index]);
        let (a, b) = (&scan.sites[earlier.site], &scan.sites[later.site]);
        let Some(count) = earlier.common_subscripts(later) else {
            return Ok(Vec::new());
        };
        if are_apart(earlier, later, count) {
            return Ok(Vec::new());
        }
        let Some(before) = self.before_text(a, b) else {
            return Ok(Vec::new());
        };
        let texts = [
            self.element_text(earlier_index, count),
            self.element_text(later_index, count),
            before,
        ];
        let tag = earlier
            .reduction
            .filter(|_| earlier.reduction == later.reduction)
            .or(earlier.claim.filter(|_| earlier.claim == later.claim));
        let parts = match tag {
            None => vec![(Part::Whole, None)],
            // Contributions from different executions of the scope are ordered by what is around it.
            Some(Tag {
                number,
                depth,
                is_scan: false,
            }) => vec![
                (Part::Inside(depth), Some(number)),
                (Part::Outside(depth), None),
            ],
            // So is what happens in one iteration.
            Some(Tag { number, depth, .. }) => vec![
                (Part::Between(depth), Some(number)),
                (Part::NotBetween(depth), None),
            ],
        };
        let mut found = Vec::new();
        for (part, reduction) in parts {
            if let Some(relation) = self.relation(texts, (a, b), part)? {
                found.push((relation, texts[0], reduction));
            }
        }
        Ok(found)
    }

    /// Returns a part of the pairs of instances that touch one element, the first before the second; `None` if there are
    /// none.
    fn relation(
        &mut self,
        [first, second, order]: [usize; 3],
        (a, b): (&Site, &Site),
        part: Part,
    ) -> Result<Option<Relation>, isl::Error> {
        let meeting = (first, second, order, part);
        if let Some(known) = self.relations.get(&meeting) {
            return Ok(known.clone());
        }
        let isl = &self.scan.isl;
        let before = isl::Map::parse(isl, &self.texts.all[order])?;
        let (element, other) = (self.elements(first)?, self.elements(second)?);
        let whole = element.apply_range(&other.reverse()?)?.intersect(&before)?;
        let together = |depth| isl::Map::parse(isl, &domain::equal_text(a, b, depth));
        let pairs = part.of(whole, &together)?;
        let relation = if pairs.is_empty()? {
            None
        } else {
            let pairs = pairs.coalesce()?;
            let form = self.form(&pairs);
            Some(Relation { pairs, form })
        };
        self.relations.insert(meeting, relation.clone());
        Ok(relation)
    }

    fn note(
        &mut self,
        earlier: &Access,
        later: &Access,
        element: &isl::Map,
        relation: &Relation,
        reduction: Option<usize>,
    ) -> Result<(), isl::Error> {
        let sites = &self.scan.sites;
        let ends = sites[earlier.site].event.zip(sites[later.site].event);
        let (Some((source, sink)), Some(count)) = (ends, earlier.common_subscripts(later)) else {
            return Ok(());
        };
        let is_update = earlier.update.is_some() && earlier.update == later.update;
        if reduction.is_none() && !is_update {
            self.carry(earlier, later, count, relation)?;
        }
        let (first, second) = (source.to_string(), sink.to_string());
        self.found.dependences.push(Dependence {
            source,
            sink,
            form: relation.form,
            kind: kind(earlier, later),
            array: earlier.var,
            relation: relation.pairs.named(&first, &second)?,
            reduction,
            is_update,
            source_span: earlier.span,
            sink_span: later.span,
            element: element.named(&first, "")?,
        });
        Ok(())
    }

    /// Returns the number of a relation without names.
    fn form(&mut self, pairs: &isl::Map) -> usize {
        let next = self.forms.len();
        *self.forms.entry(pairs.to_string()).or_insert(next)
    }

    fn element_text(&mut self, index: usize, count: usize) -> usize {
        if let Some(known) = self.touched.get(&(index, count)) {
            return *known;
        }
        let access = &self.scan.accesses[index];
        let private = self.private.get(&access.var).copied().unwrap_or(0);
        let text = domain::element_text(&self.scan.sites, access, private, count);
        let number = self.texts.number(text);
        self.touched.insert((index, count), number);
        number
    }

    /// Returns the text of the instances of which the first runs before the second; `None` if there are none.
    fn before_text(&mut self, a: &Site, b: &Site) -> Option<usize> {
        let order = domain::Order::new(a, b);
        if let Some(known) = self.orders.get(&order) {
            return *known;
        }
        let number = domain::before_text(&order).map(|text| self.texts.number(text));
        self.orders.insert(order, number);
        number
    }

    /// Returns the map from instances to elements that a text states, under the condition on the parameters.
    fn elements(&mut self, number: usize) -> Result<isl::Map, isl::Error> {
        if let Some(known) = self.elements.get(&number) {
            return Ok(known.clone());
        }
        let text = &self.texts.all[number];
        let elements = isl::Map::parse(&self.scan.isl, text)?.intersect_params(self.context)?;
        self.elements.insert(number, elements.clone());
        Ok(elements)
    }

    /// Notes, for every loop around both accesses, whether two of its iterations are in the relation.
    fn carry(
        &mut self,
        earlier: &Access,
        later: &Access,
        count: usize,
        relation: &Relation,
    ) -> Result<(), isl::Error> {
        let sites = &self.scan.sites;
        let (a, b) = (&sites[earlier.site], &sites[later.site]);
        for depth in 0..a.common_loops(b) {
            let loop_name = &a.loops[depth].0;
            let Some(site) = self.scan.loops.iter().find(|each| each.name == *loop_name) else {
                continue;
            };
            let is_known = |refusals: &Vec<Refusal>| {
                refusals
                    .iter()
                    .any(|known| self.says(known, earlier, later, count))
            };
            if self.found.carried.get(loop_name).is_some_and(is_known)
                || self.across.get(&(relation.form, depth)) == Some(&false)
            {
                continue;
            }
            let across = domain::carried_text(a, b, depth);
            let across = isl::Map::parse(&self.scan.isl, &across)?;
            let across = relation.pairs.intersect(&across)?;
            let is_carried = !across.is_empty()?;
            self.across.insert((relation.form, depth), is_carried);
            if is_carried {
                let refusal = self.refusal(earlier, later, count, &across, site);
                let refusals = self.found.carried.entry(loop_name.clone()).or_default();
                refusals.push(refusal);
            }
        }
        Ok(())
    }

    /// Returns whether a refusal says already what a conflict would: one pair of iterations is enough.
    fn says(&self, known: &Refusal, earlier: &Access, later: &Access, count: usize) -> bool {
        let name = shown(&self.scan.function.vars[earlier.var]);
        if let Some(culprit) = not_affine(earlier, later, count) {
            return known.at == culprit.span
                && known.reason == (Reason::NonAffineSubscript { array: name });
        }
        if let Reason::SharedTemporary { variables } = &known.reason {
            return variables.contains(&name);
        }
        if let Reason::EarlyExit { .. } = &known.reason {
            return self.scan.is_flag(earlier.var);
        }
        if let Reason::CarriedDependence { array, kind, .. } = &known.reason {
            return *array == name && *kind == self::kind(earlier, later);
        }
        false
    }

    fn refusal(
        &self,
        earlier: &Access,
        later: &Access,
        count: usize,
        across: &isl::Map,
        site: &LoopSite,
    ) -> Refusal {
        let array = shown(&self.scan.function.vars[earlier.var]);
        if let Some(culprit) = not_affine(earlier, later, count) {
            let refusal = Refusal::new(Reason::NonAffineSubscript { array }, culprit.span);
            return if self.scan.unordered.contains(&culprit.var) {
                refusal.helped("`--fp=atomic` lets iterations add to one element in any order")
            } else {
                refusal
            };
        }
        if self.scan.is_flag(earlier.var) {
            let how = "break".to_owned();
            return Refusal::new(Reason::EarlyExit { how }, earlier.span);
        }
        let own = self.scan.shared.get(&earlier.var);
        if own.is_some_and(|around| site.depth < *around) {
            let variables = vec![array];
            let written = if earlier.is_write { earlier } else { later };
            return Refusal::new(Reason::SharedTemporary { variables }, site.header_span)
                .with(written.span, words(written));
        }
        let outer = &self.scan.sites[earlier.site].iterators[..=site.depth];
        let reason = Reason::CarriedDependence {
            array,
            kind: kind(earlier, later),
            iterators: outer
                .iter()
                .map(|var| shown(&self.scan.function.vars[*var]))
                .collect(),
            witness: self.witness(earlier, across, site.depth),
        };
        let mut refusal = Refusal::new(reason, site.header_span).with(earlier.span, words(earlier));
        if later.span != earlier.span {
            refusal = refusal.with(later.span, words(later));
        }
        refusal.help = remedy::of_dependence(self.scan.function, earlier.var, kind(earlier, later));
        refusal
    }

    /// Returns two small iterations of a loop in the relation, with the iterators down to that loop.
    fn witness(&self, earlier: &Access, across: &isl::Map, depth: usize) -> Option<Witness> {
        // A message is worth having without two iterations, where the solver finds none that fit 64 bits.
        let pair = across.sample().ok().flatten()?;
        let iterators = &self.scan.sites[earlier.site].iterators;
        // Of a loop whose bounds are not known, two iterations may not be there.
        let is_unbounded = |var: &Handle<Var>| self.scan.unbounded.contains(var);
        if iterators.iter().take(depth + 1).any(is_unbounded) {
            return None;
        }
        let mut values: BTreeMap<Symbol, i128> = iterators
            .iter()
            .zip(&pair.source)
            .map(|(var, value)| (Symbol::var(*var), i128::from(*value)))
            .collect();
        for (name, value) in &pair.parameters {
            if let Some(symbol) = Symbol::named(self.scan.function, name) {
                values.insert(symbol, i128::from(*value));
            }
        }
        let upto = |tuple: &[i64]| tuple.iter().take(depth + 1).copied().collect();
        Some(Witness {
            source: upto(&pair.source),
            sink: upto(&pair.sink),
            element: self.shown_element(earlier, &values).unwrap_or_default(),
        })
    }

    /// Returns the subscripts of an element as the program writes them; `None` where they have no value.
    fn shown_element(&self, access: &Access, values: &BTreeMap<Symbol, i128>) -> Option<Vec<i64>> {
        let (subscripts, _) = access.subscripts();
        let mut numbers: Vec<i128> = subscripts
            .iter()
            .map(|index| index.evaluate(values))
            .collect::<Option<_>>()?;
        if let Some(shape) = self.shapes.get(&access.var) {
            let inner = numbers.split_off(shape.strides.len().min(numbers.len()));
            let mut sum = 0_i128;
            for (number, stride) in numbers.iter().zip(&shape.strides) {
                let product = number.checked_mul(stride.evaluate(values)?)?;
                sum = sum.checked_add(product)?;
            }
            numbers = std::iter::once(sum).chain(inner).collect();
        }
        numbers
            .into_iter()
            .map(|number| i64::try_from(number).ok())
            .collect()
    }
}

/// Returns whether two accesses plainly never meet: one of their first `count` subscripts is a number in both, and not the
/// same one.
fn are_apart(earlier: &Access, later: &Access, count: usize) -> bool {
    let (ours, theirs) = (earlier.subscripts().0, later.subscripts().0);
    let mut shared = ours.into_iter().zip(theirs).take(count);
    shared.any(|(a, b)| {
        let numbers = a.as_constant().zip(b.as_constant());
        numbers.is_some_and(|(a, b)| a != b)
    })
}

/// Returns the access whose subscript is why nothing more is known of where the two meet.
fn not_affine<'a>(earlier: &'a Access, later: &'a Access, count: usize) -> Option<&'a Access> {
    [earlier, later].into_iter().find(|access| {
        let (subscripts, is_all) = access.subscripts();
        !is_all && subscripts.len() <= count
    })
}

fn kind(earlier: &Access, later: &Access) -> DependenceKind {
    match (earlier.is_write, later.is_write) {
        (true, true) => DependenceKind::Output,
        (true, false) => DependenceKind::Flow,
        (false, _) => DependenceKind::Anti,
    }
}

fn words(access: &Access) -> &'static str {
    if access.is_write {
        "written here"
    } else {
        "read here"
    }
}

/// Returns the sites that are events.
pub(crate) fn named(sites: &[Site]) -> impl Iterator<Item = (Event, &Site)> {
    sites.iter().filter_map(|site| Some((site.event?, site)))
}
