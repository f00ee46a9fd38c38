//! Writes moves token by token, of which only those may be written that the state offers.
//!
//! What is kept are the few beginnings that the model finds most likely (beam search), so every proposal is a sequence of
//! choices that a search could make; whether it is legal is for the judge to say, as for any other.

use std::rc::Rc;

use mupac_passes::{Device, Draft, Phase};

use super::session::{MOVE_SLOTS, Memory, REGION_SLOTS, SequenceModel};
use super::tokens::Tokens;
use super::words::{END, Names, of_choice, of_region};
use crate::greedy::completion;
use crate::network::NetworkError;
use crate::search::{Choice, choices, chosen};

/// How many beginnings are kept, and how many proposals made at most.
const BEAMS: usize = 4;

/// A choice in tokens; `None`: no more choices.
type Written = (Vec<u32>, Option<Choice>);

/// A beginning of a sequence of moves.
#[derive(Clone)]
struct Beam {
    draft: Draft,
    phase: Phase,
    path: Vec<Choice>,
    offers: Rc<Vec<Written>>,
    /// What is written of the next choice.
    begun: Vec<u32>,
    memory: Memory,
    /// Of the next token.
    logits: Vec<f32>,
    /// Where the next token goes.
    place: usize,
    /// How likely the model finds all that is written. **Units**: natural logarithm.
    score: f64,
}

/// Makes proposals for one region.
pub(super) struct Writer<'a> {
    pub(super) model: &'a SequenceModel,
    pub(super) tokens: &'a Tokens,
    pub(super) device: &'a Device,
    names: Names,
}

impl<'a> Writer<'a> {
    pub(super) fn new(model: &'a SequenceModel, tokens: &'a Tokens, device: &'a Device) -> Self {
        Self {
            model,
            tokens,
            device,
            names: Names::default(),
        }
    }

    /// Returns sequences of choices, the likeliest first; none for a region with more tokens than the model reads.
    pub(super) fn proposals(&mut self, draft: &Draft) -> Result<Vec<Vec<Choice>>, NetworkError> {
        let Some(first) = self.beginning(draft)? else {
            return Ok(Vec::new());
        };
        let (mut beams, mut done) = (vec![first], Vec::new());
        while !beams.is_empty() && done.len() < BEAMS {
            let mut next = Vec::new();
            for (beam, token, score) in likeliest(&beams) {
                let mut beam = beams[beam].clone();
                beam.score = score;
                beam.begun.push(token);
                match self.goes_on(beam, token)? {
                    Some(beam) if beam.offers.is_empty() => done.push(beam),
                    going => next.extend(going),
                }
            }
            beams = next;
        }
        done.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(done.into_iter().map(|beam| beam.path).collect())
    }

    /// Reads the region.
    fn beginning(&mut self, draft: &Draft) -> Result<Option<Beam>, NetworkError> {
        let (words, names) = of_region(draft);
        self.names = names;
        let region = self.tokens.ids(&words)?;
        if region.len() > REGION_SLOTS {
            return Ok(None);
        }
        let (mut memory, mut logits) = (Memory::default(), Vec::new());
        for (place, token) in region.iter().enumerate() {
            logits = self.model.step(&mut memory, *token, place)?;
        }
        Ok(Some(Beam {
            offers: Rc::new(self.offers(draft, Phase::Region)?),
            draft: draft.clone(),
            phase: Phase::Region,
            path: Vec::new(),
            begun: Vec::new(),
            memory,
            logits,
            place: REGION_SLOTS,
            score: 0.0,
        }))
    }

    /// Returns the choices of a draft in tokens, the end before all others where the default bindings fit.
    fn offers(&self, draft: &Draft, phase: Phase) -> Result<Vec<Written>, NetworkError> {
        let complete = completion(draft, self.device).ok();
        let mut offers = Vec::new();
        if complete.is_some() {
            offers.push((self.tokens.ids(&[END.to_owned()])?, None));
        }
        let complete = complete.as_ref().map(Draft::trajectory);
        for choice in choices(draft, phase, complete, self.device) {
            let words = of_choice(&choice, &self.names);
            if let Some(words) = words {
                offers.push((self.tokens.ids(&words)?, Some(choice)));
            }
        }
        Ok(offers)
    }

    /// Returns a beam after the token that was written last, without offers where that was the end; `None` where what is
    /// written does not fit or there is no more room.
    fn goes_on(&self, mut beam: Beam, token: u32) -> Result<Option<Beam>, NetworkError> {
        let mut offers = beam.offers.iter();
        if let Some((_, choice)) = offers.find(|(tokens, _)| *tokens == beam.begun) {
            let Some(choice) = choice.clone() else {
                beam.offers = Rc::default();
                return Ok(Some(beam));
            };
            let Some(draft) = chosen(&beam.draft, &choice, self.device) else {
                return Ok(None);
            };
            beam.offers = Rc::new(self.offers(&draft, choice.phase)?);
            (beam.draft, beam.phase) = (draft, choice.phase);
            beam.path.push(choice);
            beam.begun.clear();
        }
        if beam.offers.is_empty() || beam.place == REGION_SLOTS + MOVE_SLOTS {
            return Ok(None);
        }
        beam.logits = self.model.step(&mut beam.memory, token, beam.place)?;
        beam.place += 1;
        Ok(Some(beam))
    }
}

/// Returns the likeliest continuations: the number of a beam, a token, and how likely both are; the first of equals first.
fn likeliest(beams: &[Beam]) -> Vec<(usize, u32, f64)> {
    let mut found = Vec::new();
    for (number, beam) in beams.iter().enumerate() {
        let mut allowed: Vec<u32> = Vec::new();
        let fitting = beam.offers.iter().filter_map(|(tokens, _)| {
            let rest = tokens.strip_prefix(beam.begun.as_slice())?;
            rest.first().copied()
        });
        for token in fitting {
            if !allowed.contains(&token) {
                allowed.push(token);
            }
        }
        let logit = |token: &u32| beam.logits.get(*token as usize).copied().unwrap_or(0.0);
        let most = allowed.iter().map(logit).fold(f32::NEG_INFINITY, f32::max);
        let weight = |token: &u32| f64::from(logit(token) - most).exp();
        let sum: f64 = allowed.iter().map(weight).sum();
        let scored = |token: &u32| (number, *token, beam.score + (weight(token) / sum).ln());
        found.extend(allowed.iter().map(scored));
    }
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    found.truncate(BEAMS);
    found
}
