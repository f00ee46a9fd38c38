//! What came of random programs: totals by kind of program and by kind of guard.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use mupac_ir::generate::{Case, Drawn, Family, Form, Harness, harness};
use mupac_ir::interpret::GuardOutcomes;
use mupac_passes::steps::ALL;

/// What came of some programs.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// By kind of program.
    pub(crate) families: BTreeMap<Family, Count>,
    /// By form of text, of programs whose emitted text ran.
    pub(crate) forms: BTreeMap<Form, Share>,
    /// Programs whose emitted text was linked with a file that stays C, and ran.
    pub(crate) linked: Share,
    /// Sketches that sanitizers refuse; nothing else is said of them.
    pub(crate) undefined: u64,
    /// How guards turned out, by kind; plans have every kind that is listed.
    pub(crate) guards: BTreeMap<&'static str, GuardOutcomes>,
    /// Kernels launched by emitted code in ascending order.
    pub(crate) launches: u64,
    /// How many moves of each step led to the plans that launched a kernel.
    pub(crate) steps: BTreeMap<String, u64>,
    /// What was drawn for the programs.
    pub(crate) drawn: Drawn,
    /// Time by stage.
    pub(crate) seconds: BTreeMap<&'static str, Duration>,
    /// Outcomes that differ, and stages that fail.
    pub(crate) disagreements: Vec<Disagreement>,
}

/// Some programs, and those of them that launched a kernel.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    pub(crate) programs: u64,
    pub(crate) launched: u64,
}

impl Share {
    fn add(&mut self, other: Self) {
        self.programs += other.programs;
        self.launched += other.launched;
    }
}

/// What came of the programs of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) programs: u64,
    pub(crate) calls: u64,
    /// Programs of which a call launched a kernel.
    pub(crate) launched: u64,
    /// Programs of which a call launched a kernel on memory of the device that it was passed, by a plan whose guards held.
    pub(crate) lent: u64,
    /// Programs with kernels of which a call fell back to the original text.
    pub(crate) fell_back: u64,
    /// Programs of which a region launched a kernel that a long trajectory led to.
    pub(crate) far: u64,
    /// Programs that are no C++ whatever becomes of their loops.
    pub(crate) needs_c: u64,
    /// Programs whose plan takes more statements than the interpreter runs; what is emitted ran.
    pub(crate) too_long: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.programs += other.programs;
        self.calls += other.calls;
        self.launched += other.launched;
        self.lent += other.lent;
        self.fell_back += other.fell_back;
        self.far += other.far;
        self.needs_c += other.needs_c;
        self.too_long += other.too_long;
    }
}

/// A program that does not mean the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Disagreement {
    /// The program.
    pub(crate) case: Case,
    /// Where, and what is different.
    pub(crate) what: String,
}

impl Disagreement {
    /// Returns the program with its calls.
    pub(crate) fn harness(&self) -> Harness {
        harness(std::slice::from_ref(&self.case))
    }
}

impl Tally {
    /// Records a disagreement, the first of its program only.
    pub(crate) fn disagree(&mut self, case: &Case, what: String) {
        let is_known = |each: &Disagreement| each.case.seed == case.seed;
        if !self.disagreements.iter().any(is_known) {
            self.disagreements.push(Disagreement {
                case: case.clone(),
                what,
            });
        }
    }

    /// Counts a program whose emitted text ran by the forms of its text.
    pub(crate) fn count_forms(&mut self, case: &Case, has_launched: bool) {
        let one = Share {
            programs: 1,
            launched: u64::from(has_launched),
        };
        let forms = case.forms();
        if forms.iter().any(|form| form.has_c_half()) {
            self.linked.add(one);
        }
        for form in forms {
            self.forms.entry(form).or_default().add(one);
        }
    }

    /// Adds the time that a stage took.
    pub(crate) fn spend(&mut self, stage: &'static str, time: Duration) {
        *self.seconds.entry(stage).or_default() += time;
    }

    pub(crate) fn total(&self) -> Count {
        let mut total = Count::default();
        for count in self.families.values() {
            total.add(*count);
        }
        total
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (family, count) in other.families {
            self.families.entry(family).or_default().add(count);
        }
        for (form, share) in other.forms {
            self.forms.entry(form).or_default().add(share);
        }
        self.linked.add(other.linked);
        self.undefined += other.undefined;
        for (kind, outcomes) in other.guards {
            let sum = self.guards.entry(kind).or_default();
            sum.held += outcomes.held;
            sum.failed += outcomes.failed;
        }
        for (step, count) in other.steps {
            *self.steps.entry(step).or_default() += count;
        }
        for (stage, time) in other.seconds {
            self.spend(stage, time);
        }
        self.launches += other.launches;
        self.drawn.programs += other.drawn.programs;
        self.drawn.calls += other.drawn.calls;
        self.drawn.defined += other.drawn.defined;
        for each in other.disagreements {
            self.disagree(&each.case, each.what);
        }
    }
}

impl Tally {
    fn write_forms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<14} {:>8} {:>8}", "form", "programs", "launched")?;
        let forms = self.forms.iter();
        let rows = forms.map(|(form, share)| (format!("{form:?}"), share));
        for (name, share) in rows.chain([("linked with C".to_owned(), &self.linked)]) {
            writeln!(f, "{name:<14} {:>8} {:>8}", share.programs, share.launched)?;
        }
        if self.undefined > 0 {
            writeln!(f, "{} sketches are not defined", self.undefined)?;
        }
        Ok(())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12} {:>8} {:>8} {:>8} {:>7} {:>9} {:>7} {:>7} {:>8}",
            "family",
            "programs",
            "calls",
            "launched",
            "lent",
            "fell back",
            "far",
            "needs C",
            "too long"
        )?;
        let total = ("total".to_owned(), self.total());
        let families = self.families.iter();
        let rows = families.map(|(family, count)| (format!("{family:?}"), *count));
        for (name, count) in rows.chain([total]) {
            writeln!(
                f,
                "{name:<12} {:>8} {:>8} {:>8} {:>7} {:>9} {:>7} {:>7} {:>8}",
                count.programs,
                count.calls,
                count.launched,
                count.lent,
                count.fell_back,
                count.far,
                count.needs_c,
                count.too_long
            )?;
        }
        self.write_forms(f)?;
        writeln!(f, "\n{:<14} {:>8} {:>9}", "guard", "taken", "not taken")?;
        for (kind, outcomes) in &self.guards {
            writeln!(f, "{kind:<14} {:>8} {:>9}", outcomes.held, outcomes.failed)?;
        }
        let count = |step: &str| self.steps.get(step).copied().unwrap_or(0);
        let steps = ALL.iter().map(|step| step.name());
        let steps: Vec<_> = steps
            .map(|step| format!("{step} {}", count(step)))
            .collect();
        writeln!(f, "\nmoves: {}\n", steps.join(", "))?;
        for (stage, time) in &self.seconds {
            writeln!(f, "{stage:<14} {:>8.1} s", time.as_secs_f64())?;
        }
        let share = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;
        let total = self.total();
        writeln!(
            f,
            "\n{:.1} % of programs launch a kernel; {:.1} % of drawn calls are defined; {} launches; {} disagreements",
            share(total.launched, total.programs),
            share(self.drawn.defined, self.drawn.calls),
            self.launches,
            self.disagreements.len()
        )
    }
}
