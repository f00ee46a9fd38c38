//! The text that keeps arrays on the device while a stay lasts, between the user's statements.

use std::collections::{BTreeMap, BTreeSet};

use mupac_ir::c_text::CText;
use mupac_ir::structure::is_same_place;
use mupac_ir::{
    Buffer, Change, Expr, ExprKind, Function, Handle, HostReads, HostTurn, Meeting, Module, Mutant,
    Place, RegionPlan, Residency, ResidencyFlaw, Span, Stretch, Touched, Turn, Type, Watch,
};

use crate::layout::indentation;
use crate::names::{FreshNames, source_name};

/// How text calls the support: where the user's text is CUDA C++, by the classes and functions of the support; in the C
/// part of a translation, by the macros of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Cxx,
    C,
}

impl Dialect {
    /// Returns the declaration of an object of the support that ends with its block.
    pub(crate) fn object(self, class: &str, name: &str, arguments: &str) -> String {
        match self {
            Self::Cxx if arguments.is_empty() => format!("mupac::{class} {name};"),
            Self::Cxx => format!("mupac::{class} {name}({arguments});"),
            Self::C => {
                let comma = if arguments.is_empty() { "" } else { ", " };
                format!("mupac_{}({name}{comma}{arguments});", class.to_lowercase())
            }
        }
    }

    /// Returns the statement that ends a stay; behind the last one nobody looks at memory.
    pub(crate) fn end(self, name: &str, is_last: bool) -> String {
        match (self, is_last) {
            (Self::Cxx, false) => format!("{name}.end();"),
            (Self::Cxx, true) => format!("{name}.discard();"),
            (Self::C, false) => format!("mupac_end(&{name});"),
            (Self::C, true) => format!("mupac_discard(&{name});"),
        }
    }

    /// Returns the call that waits for kernels.
    pub(crate) fn synchronize(self) -> &'static str {
        match self {
            Self::Cxx => "mupac::synchronize()",
            Self::C => "mupac_synchronize()",
        }
    }

    /// Returns a call of a function of the support with these arguments; none: it is about all copies.
    fn call(self, function: &str, arguments: &str) -> String {
        match self {
            Self::Cxx => format!("mupac::{function}({arguments})"),
            Self::C if arguments.is_empty() => format!("mupac_{function}_all()"),
            Self::C => format!("mupac_{function}({arguments})"),
        }
    }
}

/// Text that stands before or behind statements of the user.
pub(crate) struct Insertion {
    /// The offset in the user's text.
    pub(crate) at: usize,
    /// What stands there.
    pub(crate) text: String,
}

/// How the text of a region deals with copies that outlive others.
#[derive(Clone, Copy)]
pub(crate) struct Conduct<'a> {
    meeting: Option<Meeting>,
    kept: Option<&'a BTreeSet<Handle<Buffer>>>,
    reads: Option<&'a HostReads>,
    flaw: Option<ResidencyFlaw>,
}

impl<'a> Conduct<'a> {
    /// Returns how a region of a plan, by its position, deals with them.
    pub(crate) fn of(residency: &'a Residency, region: usize) -> Self {
        Self {
            meeting: residency.meetings.get(&region).copied(),
            kept: residency.kept.get(&region),
            reads: residency.reads.get(&region),
            flaw: None,
        }
    }

    /// Returns the same with a mistake; `None`: it is elsewhere.
    pub(crate) fn with(
        residency: &'a Residency,
        region: usize,
        flaw: ResidencyFlaw,
    ) -> Option<Self> {
        let is_here = match flaw {
            ResidencyFlaw::ArrivalDropped(at) | ResidencyFlaw::FallbackShares(at) => at == region,
            ResidencyFlaw::TurnDropped(_)
            | ResidencyFlaw::CopiesKept(_)
            | ResidencyFlaw::EndDropped(_)
            | ResidencyFlaw::LifetimeDropped(_)
            | ResidencyFlaw::WatchDropped(_) => false,
        };
        let flaw = Some(flaw);
        is_here.then(|| Self {
            flaw,
            ..Self::of(residency, region)
        })
    }

    /// Returns what the host reads for a region, which the region fetches.
    pub(crate) fn reads(self) -> Option<&'a HostReads> {
        let is_dropped = matches!(self.flaw, Some(ResidencyFlaw::ArrivalDropped(_)));
        self.reads.filter(|_| !is_dropped)
    }

    /// Returns what a region does about copies of others before all else.
    pub(crate) fn arrival(self) -> Option<&'static str> {
        if matches!(self.flaw, Some(ResidencyFlaw::ArrivalDropped(_))) {
            return None;
        }
        match self.meeting? {
            Meeting::Shares => None,
            Meeting::SharesAfterReading => Some("mupac::fetch();"),
            Meeting::Apart => Some("mupac::release();"),
        }
    }

    /// Returns the buffers of which the region fetches what only the device has.
    pub(crate) fn fetched(self, region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
        let is_dropped = matches!(self.flaw, Some(ResidencyFlaw::ArrivalDropped(_)));
        let meeting = self.meeting.filter(|_| !is_dropped);
        meeting.map_or_else(BTreeSet::new, |meeting| meeting.fetched(region))
    }

    /// Returns whether the original text runs as if there were no device.
    pub(crate) fn has_lonely_fallback(self) -> bool {
        let shares = matches!(self.flaw, Some(ResidencyFlaw::FallbackShares(_)));
        self.meeting.is_some() && !shares
    }

    /// Returns the buffers whose copies may outlive the region, or come from others.
    pub(crate) fn mirrors(self, region: &RegionPlan) -> BTreeSet<Handle<Buffer>> {
        let kept = || self.kept.cloned().unwrap_or_default();
        self.meeting
            .map_or_else(kept, |meeting| meeting.mirrors(region))
    }
}

/// Returns what a plan's stays and turns put between the user's statements, in order; `replaced` are the places of the
/// regions, into which nothing is put. The mistakes among them are made where the text is told so.
pub(crate) fn insertions(
    residency: &Residency,
    (mutants, dialect): (&[Mutant], Dialect),
    module: &Module,
    replaced: &[Span],
    fresh: &FreshNames,
) -> Vec<Insertion> {
    let text = module.source.text();
    let replaced = &Residency::in_order(replaced);
    let (mut found, mut ends) = (Vec::new(), Vec::new());
    // Two stays of one function may stand in one block.
    let mut names: BTreeMap<Handle<Function>, FreshNames> = BTreeMap::new();
    for (number, stay) in residency.stays.iter().enumerate() {
        let own = names.entry(stay.function).or_insert_with(|| fresh.clone());
        let name = own.take("residence");
        let place = Residency::placed(stay.within, replaced).range();
        let indent = indentation(text, behind_pragmas(text, place.start));
        let comment = match dialect {
            Dialect::Cxx => "  // arrays stay on the device",
            Dialect::C => "  /* arrays stay on the device */",
        };
        let end = dialect.end(&name, stay.is_last);
        let line = dialect.object("Residence", &name, "") + comment;
        found.push(Insertion {
            at: place.start,
            text: on_line_before(text, place.start, &line),
        });
        let end = alternatives(mutants, &[(ResidencyFlaw::EndDropped(number), "{}")], &end);
        let ends_line = text[place.end..]
            .trim_start_matches([' ', '\t'])
            .starts_with('\n');
        let comment = match dialect {
            Dialect::Cxx if stay.is_last && ends_line => "  // nobody looks at them any more",
            Dialect::Cxx | Dialect::C => "",
        };
        ends.push(Insertion {
            at: place.end,
            text: format!("\n{indent}{end}{comment}"),
        });
    }
    for (statement, locals) in &residency.locals {
        let place = Residency::placed(*statement, replaced).range();
        let own = names.entry(locals.function);
        let own = own.or_insert_with(|| fresh.clone());
        let dropped = number(mutants, ResidencyFlaw::LifetimeDropped(*statement));
        let vars = locals.vars.iter().map(|var| {
            let (name, of) = (own.take("lifetime"), source_name(&module.functions[locals.function], *var));
            match (dropped, dialect) {
                (Some(number), Dialect::Cxx) => format!("mupac_test_maybe<mupac::Lifetime> {name}{{mupac_test_mutant() == {number} ? nullptr : new mupac::Lifetime({of})}};"),
                (Some(number), Dialect::C) => format!("mupac_lifetime_if({name}, mupac_test_mutant() != {number}, {of});"),
                (None, _) => dialect.object("Lifetime", &name, &of),
            }
        });
        let vars = vars.collect::<Vec<_>>().join(" ");
        let indent = indentation(text, behind_pragmas(text, place.start));
        found.push(Insertion {
            at: place.end,
            text: format!("\n{indent}{vars}"),
        });
    }
    let apart = fresh.clone().take("apart");
    for (statement, host) in &residency.turns {
        let place = Residency::placed(*statement, replaced).range();
        let is_scope = host.needs_braces || host.turn == Turn::Alone;
        let first = prepared(module, host, *statement, &apart, (mutants, dialect));
        let first = format!("{}{first}", if is_scope { "{ " } else { "" });
        let is_before_pragma = behind_pragmas(text, place.start) > place.start;
        found.push(Insertion {
            at: place.start,
            text: if is_before_pragma || is_of_loop(host) && !is_scope {
                on_line_before(text, place.start, &first)
            } else {
                first + " "
            },
        });
        if is_scope {
            found.push(Insertion {
                at: place.end,
                text: " }".to_owned(),
            });
        }
    }
    for (statement, watch) in &residency.watches {
        let place = Residency::placed(*statement, replaced).range();
        let line = watched(module, watch, *statement, fresh, (mutants, dialect));
        found.push(Insertion {
            at: place.start,
            text: on_line_before(text, place.start, &format!("{{ {line}")),
        });
        found.push(Insertion {
            at: place.end,
            text: " }".to_owned(),
        });
    }
    found.extend(ends);
    found
}

/// Returns whether what is prepared is for a loop as a whole, so that it has a line of its own.
fn is_of_loop(host: &HostTurn) -> bool {
    let touched = host.touched.as_ref();
    touched.is_some_and(|touched| {
        let mut all = touched.stretches();
        all.any(|(_, stretch)| matches!(stretch, Stretch::Between { .. }))
    })
}

/// Returns what stands before a statement that reads places again and again.
fn watched(
    module: &Module,
    watch: &Watch,
    statement: Span,
    fresh: &FreshNames,
    (mutants, dialect): (&[Mutant], Dialect),
) -> String {
    let function = &module.functions[watch.function];
    let text = CText {
        function,
        records: &module.records,
        names: &|var| source_name(function, var),
        callees: &str::to_owned,
    };
    let mut fresh = fresh.clone();
    let dropped = number(mutants, ResidencyFlaw::WatchDropped(statement));
    let each = watch.places.iter().map(|place| {
        let (name, range) = (fresh.take("watch"), object(&text, place));
        let count = dropped.map_or_else(String::new, |number| {
            format!(" * (mupac_test_mutant() != {number})")
        });
        dialect.object("Watch", &name, &(range + &count))
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Returns a line as it is put before a place of the text, with the indentation of the code there.
fn on_line_before(text: &str, place: usize, line: &str) -> String {
    let present = indentation(text, place);
    let indent = indentation(text, behind_pragmas(text, place));
    let missing = indent.strip_prefix(present).unwrap_or("");
    format!("{missing}{line}\n{present}")
}

/// Returns the place behind the pragmas that begin at a place; the place itself where none does.
fn behind_pragmas(text: &str, place: usize) -> usize {
    let mut at = place;
    let mut is_continued = false;
    for line in text.get(place..).unwrap_or("").split_inclusive('\n') {
        if !is_continued && !line.trim_start().starts_with('#') {
            break;
        }
        is_continued = line.trim_end().ends_with('\\');
        at += line.len();
    }
    let rest = text.get(at..).unwrap_or("");
    let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if at > place { at + gap } else { place }
}

/// Returns what comes before a statement.
fn prepared(
    module: &Module,
    host: &HostTurn,
    statement: Span,
    apart: &str,
    (mutants, dialect): (&[Mutant], Dialect),
) -> String {
    let dropped = ResidencyFlaw::TurnDropped(statement);
    let kept = ResidencyFlaw::CopiesKept(statement);
    let fetch = dialect.call("fetch", "");
    let statement = fetch.clone() + ";";
    let both = [(dropped, "{}"), (kept, &*statement)];
    let touched = host.touched.as_ref().filter(|_| host.is_move);
    if let Some((leading, call)) = touched.and_then(|touched| moved(module, touched, dialect)) {
        let kept_instead = format!("({fetch}, 1)");
        let instead = [(dropped, "1"), (kept, &*kept_instead)];
        let choices = instead.iter().filter_map(|(flaw, done)| {
            let number = number(mutants, *flaw)?;
            Some(format!("mupac_test_mutant() == {number} ? {done} : "))
        });
        let choices = choices.collect::<Vec<_>>().concat();
        return format!("{leading}if ({choices}!{call})");
    }
    match (host.turn, &host.touched) {
        (Turn::Reads | Turn::Changes, Some(touched)) => {
            alternatives(mutants, &both, &of_places(module, touched, dialect))
        }
        (Turn::Reads, None) => alternatives(mutants, &both, &statement),
        (Turn::Changes, None) => {
            let release = dialect.call("release", "") + ";";
            alternatives(mutants, &both, &release)
        }
        (Turn::Alone, _) => {
            let none = match dialect {
                Dialect::Cxx => "nullptr",
                Dialect::C => "0",
            };
            let fetched = format!("({fetch}, {none})");
            let instead = [(dropped, none), (kept, &*fetched)];
            let choices = instead.iter().filter_map(|(flaw, text)| {
                let number = number(mutants, *flaw)?;
                Some(format!("mupac_test_mutant() == {number} ? {text} : "))
            });
            let choice = choices.collect::<Vec<_>>().concat();
            match dialect {
                Dialect::C => dialect.object("Apart", apart, &(choice + "1")),
                Dialect::Cxx if choice.is_empty() => dialect.object("Apart", apart, ""),
                Dialect::Cxx => {
                    format!("mupac_test_maybe<mupac::Apart> {apart}{{{choice}new mupac::Apart}};")
                }
            }
        }
    }
}

/// Returns what comes before a statement that touches some places alone.
fn of_places(module: &Module, touched: &Touched, dialect: Dialect) -> String {
    let function = &module.functions[touched.function];
    let text = CText {
        function,
        records: &module.records,
        names: &|var| source_name(function, var),
        callees: &str::to_owned,
    };
    let parts = touched.stretches().map(|(turn, stretch)| {
        let does = match turn {
            Turn::Reads => "fetch",
            Turn::Changes | Turn::Alone => "release",
        };
        of_stretch(&text, (does, dialect), stretch)
    });
    parts.collect::<Vec<_>>().join(", ") + ";"
}

/// Returns the expression that prepares for what is done to a stretch.
fn of_stretch(text: &CText<'_>, (does, dialect): (&str, Dialect), stretch: &Stretch) -> String {
    match stretch {
        Stretch::All => dialect.call(does, ""),
        Stretch::Between { first, last }
            if !is_same_place(text.function, first, text.function, last) =>
        {
            let [first, last] = [first, last].map(|place| address(text, place));
            dialect.call(&format!("{does}_between"), &format!("{first}, {last}"))
        }
        Stretch::Place(place) | Stretch::Between { first: place, .. } => {
            dialect.call(does, &object(text, place))
        }
        Stretch::Object(from) => dialect.call(does, &format!("{}, 1", text.expr(*from))),
        Stretch::Freed(from) => dialect.call("freed", &text.expr(pointer(text.function, *from))),
        Stretch::Bytes { from, count } => {
            let from = text.primary(pointer(text.function, *from));
            let count = text.expr(*count);
            dialect.call(does, &format!("(const char *){from}, {count}"))
        }
        Stretch::Where {
            condition,
            holds,
            stretch,
        } => {
            let condition = text.condition(*condition);
            let inner = of_stretch(text, (does, dialect), stretch);
            let nothing = match dialect {
                Dialect::Cxx => "void()",
                Dialect::C => "(void)0",
            };
            if *holds {
                format!("{condition} ? {inner} : {nothing}")
            } else {
                format!("{condition} ? {nothing} : {inner}")
            }
        }
    }
}

/// Returns the call that moves bytes on the device, if it has both copies, behind what brings home the pointers to them.
fn moved(module: &Module, touched: &Touched, dialect: Dialect) -> Option<(String, String)> {
    let (from, to, count) = touched.moved()?;
    let function = &module.functions[touched.function];
    let text = CText {
        function,
        records: &module.records,
        names: &|var| source_name(function, var),
        callees: &str::to_owned,
    };
    let leading = touched.read[..touched.read.len() - 1].iter();
    let leading = leading.map(|stretch| of_stretch(&text, ("fetch", dialect), stretch) + "; ");
    let said = |expr| text.expr(pointer(function, expr));
    let arguments = [said(to), said(from), text.expr(count)].join(", ");
    Some((leading.collect(), dialect.call("moved", &arguments)))
}

/// Returns the object that a place says as a pointer and a number of elements.
pub(crate) fn object(text: &CText<'_>, place: &Place) -> String {
    format!("{}, 1", address(text, place))
}

fn address(text: &CText<'_>, place: &Place) -> String {
    let place = text.place(place);
    place
        .strip_prefix('*')
        .map_or(format!("&{place}"), str::to_owned)
}

/// Returns a pointer without conversions to other types of pointers.
fn pointer(function: &Function, expr: Handle<Expr>) -> Handle<Expr> {
    if let ExprKind::Cast(inner) = function.exprs[expr].kind
        && matches!(function.exprs[inner].ty, Type::Pointer { .. })
    {
        return pointer(function, inner);
    }
    expr
}

/// Returns a statement, or another in its place where the text is told to make a mistake.
fn alternatives(mutants: &[Mutant], instead: &[(ResidencyFlaw, &str)], statement: &str) -> String {
    let choices = instead.iter().filter_map(|(flaw, other)| {
        let number = number(mutants, *flaw)?;
        Some(format!(
            "if (mupac_test_mutant() == {number}) {other} else "
        ))
    });
    choices.collect::<Vec<_>>().concat() + statement
}

/// Returns the number of a mistake, from 1.
fn number(mutants: &[Mutant], flaw: ResidencyFlaw) -> Option<usize> {
    let mut all = mutants.iter();
    all.position(|mutant| mutant.change == Change::Residency(flaw))
        .map(|before| before + 1)
}
