//! Which regions a failure comes from that names neither a function nor a kernel, as one of a compiler does: each region is
//! tried alone, so that the others need not lose their kernels.

use std::collections::BTreeSet;

use mupac_ir::{Plan, Reason, Refusal, parallel};
use mupac_passes::Choice;
use mupac_tester::{CheckOptions, Failure, FailureKind, Outcome, TesterError};

use crate::culprit::Setting;
use crate::failing::regions_of;
use crate::stand_in::Planned;

impl Setting<'_> {
    /// Returns failures with a kernel of each region that fails alike without the others; where none does, a failure stays
    /// what it was, about all of them.
    ///
    /// **Errors**: the machine is at fault.
    pub(crate) fn blamed(
        self,
        failures: Vec<Failure>,
        plan: &Plan,
    ) -> Result<Vec<Failure>, TesterError> {
        let mut found = Vec::new();
        for failure in failures {
            if plan.regions.len() < 2 || !is_of_nobody(&failure, plan) {
                found.push(failure);
                continue;
            }
            let alone = self.failing_alone(&failure, plan)?;
            if alone.is_empty() {
                found.push(failure);
            }
            found.extend(alone);
        }
        Ok(found)
    }

    /// Returns what is seen of the regions that fail alone.
    fn failing_alone(self, failure: &Failure, plan: &Plan) -> Result<Vec<Failure>, TesterError> {
        let tried = parallel::map(&plan.regions, |region| {
            let kernel = region.kernels.iter().next();
            let kernel = kernel.map(|(_, kernel)| kernel.name.clone());
            let seen = self.seen_alone(&region.name, failure)?;
            Ok(seen.map(|seen| Failure { kernel, ..seen }))
        });
        let tried: Result<Vec<Option<Failure>>, TesterError> = tried.into_iter().collect();
        Ok(tried?.into_iter().flatten().collect())
    }

    /// Returns the failure of a kind, of no function or kernel, that a plan shows of which all other regions keep their text.
    fn seen_alone(self, region: &str, failure: &Failure) -> Result<Option<Failure>, TesterError> {
        let numbered = self.choices.iter().zip(&self.workload.regions);
        let choices: Vec<Choice> = numbered
            .map(|(choice, each)| {
                if each.name == region {
                    return choice.clone();
                }
                let what = failure.to_string();
                Choice::Original(Refusal::new(Reason::CheckFailed { what }, each.span))
            })
            .collect();
        let plan = self.target.plan(self.workload, &choices);
        if plan.regions.is_empty() {
            return Ok(None);
        }
        let options = CheckOptions {
            mutants: 0,
            shrinks: false,
            keep_temporaries: false,
            ..self.check.clone()
        };
        let (unit, _) = self.stand_ins.unit(Planned {
            workload: self.workload,
            choices: &choices,
            plan: &plan,
            suspects: &BTreeSet::new(),
            check: &options,
        });
        if failure.kind == FailureKind::Compile {
            let refused = mupac_tester::compile(&unit, self.check)?.err();
            let message = refused.map(|message| Failure {
                message,
                ..failure.clone()
            });
            return Ok(message);
        }
        Ok(match mupac_tester::check(&unit, &options, self.verdicts)? {
            Outcome::Failed(failures) => failures
                .into_iter()
                .find(|each| each.kind == failure.kind && is_of_nobody(each, &plan)),
            Outcome::Verified(_) | Outcome::NotTested(_) => None,
        })
    }
}

/// Returns whether a failure may come from any region.
fn is_of_nobody(failure: &Failure, plan: &Plan) -> bool {
    failure.kind.is_bug()
        && failure.function.is_none()
        && failure.kernel.is_none()
        && regions_of(failure, plan).is_empty()
}
