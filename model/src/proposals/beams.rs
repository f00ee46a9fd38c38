//! Writes moves token by token, of which only those may be written that the state offers.
//!
//! What is kept are the few beginnings that the model finds most likely (beam search), so every proposal is a sequence of
//! choices that a search could make; whether it is legal is for the judge to say, as for any other.

use std::collections::BTreeMap;
use std::rc::Rc;

use mupac_passes::{Device, Draft, Phase, StateKey};

use super::session::{MOVE_SLOTS, Memory, REGION_SLOTS, SequenceModel, Text};
use super::tokens::Tokens;
use super::words::{END, Names, of_choice, of_region};
use crate::greedy::completion;
use crate::network::NetworkError;
use crate::search::{Choice, choices, chosen};

/// How many beginnings are kept, and how many proposals made at most.
const BEAMS: usize = 4;

/// A choice in tokens; `None`: no more choices.
type Written = (Vec<u32>, Option<Choice>);

/// Where a sequence of choices has come to.
struct Reached {
    draft: Draft,
    offers: Vec<Written>,
}

/// A beginning of a sequence of moves.
#[derive(Clone)]
struct Beam {
    at: Rc<Reached>,
    path: Vec<Choice>,
    /// What is written of the next choice.
    begun: Vec<u32>,
    text: Text,
    /// How many tokens of moves there are.
    length: usize,
    /// How likely the model finds all that is written. **Units**: natural logarithm.
    score: f64,
}

impl Beam {
    fn write(&mut self, token: u32) {
        self.begun.push(token);
        self.text.write(token, REGION_SLOTS + self.length);
        self.length += 1;
    }

    /// Returns what may be written next.
    fn allowed(&self) -> Vec<u32> {
        let mut allowed: Vec<u32> = Vec::new();
        for (tokens, _) in &self.at.offers {
            let rest = tokens.strip_prefix(self.begun.as_slice());
            if let Some(next) = rest.and_then(<[u32]>::first)
                && !allowed.contains(next)
            {
                allowed.push(*next);
            }
        }
        allowed
    }
}

/// What becomes of a beam by a token.
enum Outcome {
    Goes(Beam),
    Ends(Beam),
    /// What is written does not fit, or there is no more room.
    Fails,
}

/// Makes proposals for one region.
pub(super) struct Writer<'a> {
    model: &'a SequenceModel,
    tokens: &'a Tokens,
    device: &'a Device,
    names: Names,
    memory: Memory,
    /// Where choices have come to, since different orders of them come to the same.
    reached: BTreeMap<(StateKey, Phase), Rc<Reached>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(model: &'a SequenceModel, tokens: &'a Tokens, device: &'a Device) -> Self {
        Self {
            model,
            tokens,
            device,
            names: Names::default(),
            memory: Memory::default(),
            reached: BTreeMap::new(),
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
                match self.written(beam, token)? {
                    Outcome::Goes(beam) => next.push(beam),
                    Outcome::Ends(beam) => done.push(beam),
                    Outcome::Fails => {}
                }
            }
            let mut texts: Vec<&mut Text> = next.iter_mut().map(|beam| &mut beam.text).collect();
            self.model.read_on(&mut self.memory, &mut texts)?;
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
        let mut text = Text::default();
        for (place, token) in region.iter().enumerate() {
            text.write(*token, place);
        }
        self.model.read_on(&mut self.memory, &mut [&mut text])?;
        Ok(Some(Beam {
            at: self.reached(draft.clone(), Phase::Region)?,
            path: Vec::new(),
            begun: Vec::new(),
            text,
            length: 0,
            score: 0.0,
        }))
    }

    /// Returns a draft with its choices in tokens, the end before all others where the default bindings fit.
    fn reached(&mut self, draft: Draft, phase: Phase) -> Result<Rc<Reached>, NetworkError> {
        let key = (draft.key(), phase);
        if let Some(known) = self.reached.get(&key) {
            return Ok(Rc::clone(known));
        }
        let complete = completion(&draft, self.device).ok();
        let mut offers = Vec::new();
        if complete.is_some() {
            offers.push((self.tokens.ids(&[END.to_owned()])?, None));
        }
        let complete = complete.as_ref().map(Draft::trajectory);
        for choice in choices(&draft, phase, complete, self.device) {
            let words = of_choice(&choice, &self.names);
            if let Some(words) = words {
                offers.push((self.tokens.ids(&words)?, Some(choice)));
            }
        }
        let reached = Rc::new(Reached { draft, offers });
        self.reached.insert(key, Rc::clone(&reached));
        Ok(reached)
    }

    /// Writes a token, and what else follows from it.
    fn written(&mut self, mut beam: Beam, token: u32) -> Result<Outcome, NetworkError> {
        let mut next = token;
        loop {
            beam.write(next);
            let mut offers = beam.at.offers.iter();
            if let Some((_, choice)) = offers.find(|(tokens, _)| *tokens == beam.begun) {
                let Some(choice) = choice.clone() else {
                    return Ok(Outcome::Ends(beam));
                };
                let Some(draft) = chosen(&beam.at.draft, &choice, self.device) else {
                    return Ok(Outcome::Fails);
                };
                beam.at = self.reached(draft, choice.phase)?;
                beam.path.push(choice);
                beam.begun.clear();
            }
            let allowed = beam.allowed();
            if allowed.is_empty() || beam.length == MOVE_SLOTS {
                return Ok(Outcome::Fails);
            }
            match allowed.as_slice() {
                [only] => next = *only,
                _ => return Ok(Outcome::Goes(beam)),
            }
        }
    }
}

/// Returns the likeliest continuations: the number of a beam, a token, and how likely both are; the first of equals first.
fn likeliest(beams: &[Beam]) -> Vec<(usize, u32, f64)> {
    let mut found = Vec::new();
    for (number, beam) in beams.iter().enumerate() {
        let allowed = beam.allowed();
        let logit = |token: &u32| {
            beam.text
                .logits()
                .get(*token as usize)
                .copied()
                .unwrap_or(0.0)
        };
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
