//! What earlier checks of one translation found out about functions: one that passed, and of which the text under test has
//! not changed, is not tested again.
//!
//! A function passes by what its text does; that of others counts as far as it depends on it ([`Parts`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::coverage::Probed;
use crate::evidence::Evidence;
use crate::glue::Callee;
use crate::inputs::Limits;
use crate::lexer::{Kind, tokens};
use crate::mutation::{PassedTest, Suite};
use crate::outcome::TesterError;
use crate::parts::Parts;

/// What is known of the functions of one translation, whose checks share the original and all options.
#[derive(Debug, Default)]
pub struct Verdicts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The number of each function that was ever called.
    numbers: BTreeMap<String, usize>,
    passed: BTreeMap<usize, (Subject, Passed)>,
    /// Whether the tools of the checks were seen to work.
    is_vouched_for: bool,
}

/// What the verdict on a function depends on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    callee: Callee,
    /// The C text that calls it, and what of the text under test it depends on.
    call: String,
    text: String,
}

impl Subject {
    /// `call` is the text that calls it, behind that of what it calls where the text under test does not define that.
    pub(crate) fn new(callee: &Callee, call: &[&str; 2], parts: &Parts<'_>) -> Self {
        let [definition, _] = call;
        let all = tokens(definition);
        let words = all.iter().filter(|token| token.kind == Kind::Identifier);
        let words = words.filter_map(|token| definition.get(token.at.clone()));
        Self {
            callee: callee.clone(),
            call: call.concat(),
            text: parts.behind(words.chain([callee.name.as_str()])),
        }
    }
}

/// What the tests of a function that passed say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Passed {
    pub(crate) evidence: Evidence,
    pub(crate) tests: Vec<Arc<PassedTest>>,
    /// The inputs that it is defined on; `None` where no input was found.
    pub(crate) limits: Option<Limits>,
}

impl Passed {
    /// Adds what the tests of a function say to what is known of the text.
    pub(crate) fn add_to(self, number: usize, evidence: &mut Evidence, suite: &mut Suite) {
        evidence.add(self.evidence);
        suite.tests.extend(self.tests);
        suite
            .limits
            .extend(self.limits.map(|limits| (number, limits)));
    }
}

impl Verdicts {
    /// Returns the number of a function, which it keeps from check to check, so that it has the same tests in each.
    pub(crate) fn number(&self, function: &str) -> usize {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = known.numbers.len();
        *known.numbers.entry(function.to_owned()).or_insert(next)
    }

    /// Returns what is known of a function, if nothing changed that its verdict depends on.
    ///
    /// Probes have other numbers in another check, but stand where they stood.
    pub(crate) fn of(&self, subject: &Subject, probed: &Probed) -> Option<Passed> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, passed) = known.passed.get(&subject.callee.number)?;
        let mut passed = (before == subject).then(|| passed.clone())?;
        passed.evidence.reached = probed.numbered(&passed.evidence.reached);
        Some(passed)
    }

    /// Asks once whether the tools of the checks work.
    ///
    /// **Errors**: they do not.
    pub(crate) fn vouched(
        &self,
        vouch: impl FnOnce() -> Result<(), TesterError>,
    ) -> Result<(), TesterError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.is_vouched_for {
            vouch()?;
            known.is_vouched_for = true;
        }
        Ok(())
    }

    /// Notes that a function passed.
    pub(crate) fn note(&self, subject: Subject, passed: &Passed, probed: &Probed) {
        let mut passed = passed.clone();
        passed.evidence.reached = probed.placed(&passed.evidence.reached);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .passed
            .insert(subject.callee.number, (subject, passed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str, call: &str) -> Subject {
        let callee = Callee::of_slots(Vec::new());
        Subject::new(&callee, &["", call], &Parts::of(text))
    }

    #[test]
    fn a_verdict_holds_while_what_it_depends_on_is_the_same() {
        let text = "__global__ void f_l1(int n) { n; }\n\
                    void f(int n) { f_l1<<<1, 1>>>(n); }\n\
                    void g(int n) { n = 1; }\n";
        let verdicts = Verdicts::default();
        let probed = Probed::default();
        let passed = Passed {
            evidence: Evidence {
                tests: 7,
                ..Evidence::default()
            },
            ..Passed::default()
        };
        verdicts.note(subject(text, "f(3);"), &passed, &probed);
        let tests = |text: &str, call: &str| {
            let known = verdicts.of(&subject(text, call), &probed);
            known.map(|passed| passed.evidence.tests)
        };
        assert_eq!(tests(text, "f(3);"), Some(7));
        assert_eq!(tests(&text.replace("n = 1", "n = 2"), "f(3);"), Some(7));
        assert_eq!(tests(&text.replace("{ n; }", "{ n++; }"), "f(3);"), None);
        assert_eq!(tests(text, "f(4);"), None);
    }

    #[test]
    fn functions_keep_their_numbers() {
        let verdicts = Verdicts::default();
        let numbers = ["f", "g", "f", "h"].map(|name| verdicts.number(name));
        assert_eq!(numbers, [0, 1, 0, 2]);
    }
}
