//! The sequence model that is shipped: it says what its trainer said, writes only what a state offers, and a search begins
//! with what it writes.
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

use std::sync::Arc;

use mupac_model::proposals::session::{Memory, Text};
use mupac_model::proposals::words::{of_choice, of_region, vocabulary, vocabulary_hash};
use mupac_model::proposals::{Proposer, Proposing, SequenceModel, Tokens, tokenizer_json};
use mupac_model::search::{Advice, Choice, Plan, beginning, chosen, path};
use mupac_model::{Analytic, Budget, Even, Guide, NetworkError, OracleError, greedy, search};
use mupac_passes::{Device, Draft, State};

/// What the trainer's own arithmetic made of some tokens.
#[derive(serde::Deserialize)]
struct Parity {
    tokens: Vec<u32>,
    places: Vec<usize>,
    logits: Vec<Vec<f32>>,
}

const PARITY: &str = include_str!("../train/proposals_parity.json");

const PRODUCT: &str = "fn f(n: i32, c: *f32[512], a: *const f32[512], b: *const f32[512]) {
  for i: i32 in 0..n {
    for j: i32 in 0..512 {
      for k: i32 in 0..500 {
        S0: c[i][j] = c[i][j] + a[i][k] * b[k][j]
      }
    }
  }
}";

/// The same under other names, and of about the same size.
const OTHER_PRODUCT: &str =
    "fn mul(rows: i32, out: *f32[512], left: *const f32[512], right: *const f32[512]) {
  for row: i32 in 0..rows {
    for column: i32 in 0..512 {
      for at: i32 in 0..498 {
        S0: out[row][column] = out[row][column] + left[row][at] * right[at][column]
      }
    }
  }
}";

fn state(text: &str) -> State {
    let module = mupac_ir::parse::module(text).unwrap_or_else(|error| panic!("{error}"));
    State::new(Arc::new(mupac_passes::analyse(module)), 0).expect("a region")
}

fn shipped() -> Proposer {
    Proposer::shipped().expect("the model that comes with mupac fits its words")
}

fn plans(start: &State, guide: &mut dyn Guide, simulations: usize) -> Vec<Plan> {
    let (device, budget) = (Device::default(), Budget::of(simulations));
    let ranking = search(start, &mut Analytic::default(), guide, &device, budget);
    let ranking = ranking.expect("every state has an estimate");
    ranking.plans().cloned().collect()
}

#[test]
fn it_says_what_its_trainer_said() {
    let parity: Parity = serde_json::from_str(PARITY).unwrap();
    let tokens: Vec<(u32, usize)> = std::iter::zip(parity.tokens.clone(), parity.places).collect();
    assert!(tokens.len() >= 16);
    let half = tokens.len() / 2;
    let model = SequenceModel::shipped().unwrap();
    let (mut memory, mut text) = (Memory::default(), Text::default());
    write(&mut text, &tokens[..half]);
    model.read_on(&mut memory, &mut [&mut text]).unwrap();
    assert_are_near(text.logits(), &parity.logits[half - 1]);
    // From the middle on another text goes its own way, of which this one is to see nothing.
    let mut other = text.clone();
    for at in half..tokens.len() {
        write(&mut text, &tokens[at..=at]);
        write(&mut other, &tokens[..2]);
        let texts = &mut [&mut other, &mut text];
        model.read_on(&mut memory, texts).unwrap();
        assert_are_near(text.logits(), &parity.logits[at]);
    }
    assert_ne!(text.logits(), other.logits());
}

fn write(text: &mut Text, tokens: &[(u32, usize)]) {
    for (token, place) in tokens {
        text.write(*token, *place);
    }
}

fn assert_are_near(own: &[f32], told: &[f32]) {
    assert_eq!(own.len(), vocabulary().len());
    for (own, told) in own.iter().zip(told) {
        // Half of what answers are rounded to, and as much for sums in another order.
        assert!((own - told).abs() <= 1.0 / 1024.0, "{own} for {told}");
    }
}

#[test]
fn a_model_of_other_words_is_refused() {
    let onnx = include_bytes!("../train/proposals.onnx").to_vec();
    let (own, other) = (vocabulary_hash(), "0123456789abcdef");
    let mut changed = onnx.clone();
    for at in 0..onnx.len() - own.len() {
        if onnx[at..].starts_with(own.as_bytes()) {
            changed[at..at + own.len()].copy_from_slice(other.as_bytes());
        }
    }
    let refused = SequenceModel::read(&changed).expect_err("words differ");
    let trained = other.to_owned();
    assert_eq!(refused, NetworkError::Vocabulary { trained, own });
    let renamed = tokenizer_json().replace("\"split\"", "\"cleave\"");
    let refused = Tokens::read(renamed.as_bytes()).expect_err("words differ");
    assert!(
        matches!(refused, NetworkError::Vocabulary { .. }),
        "{refused}"
    );
}

#[test]
fn what_is_no_model_is_refused() {
    for bytes in [b"".as_slice(), b"no model"] {
        let of_model = SequenceModel::read(bytes).expect_err("it is none");
        let of_tokens = Tokens::read(bytes).expect_err("it is none");
        for refused in [of_model, of_tokens] {
            assert!(matches!(refused, NetworkError::Runtime(_)), "{refused}");
        }
    }
}

#[test]
fn words_are_few_and_all_different() {
    let words = vocabulary();
    assert!(words.len() <= 512, "{}", words.len());
    let mut sorted = words.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), words.len());
    let tokens = Tokens::shipped().unwrap();
    let ids: Vec<u32> = (0..).take(words.len()).collect();
    assert_eq!(tokens.ids(&words).unwrap(), ids);
}

#[test]
fn names_and_close_sizes_do_not_tell_regions_apart() {
    let (words, _) = of_region(&state(PRODUCT));
    assert_eq!(words, of_region(&state(OTHER_PRODUCT)).0);
    insta::assert_snapshot!(words.join(" "));
}

#[test]
fn moves_are_told_in_the_words_of_their_region() {
    let start = state(PRODUCT);
    let (_, names) = of_region(&start);
    let told = |text: &str| {
        let step: mupac_ir::Move = text.parse().unwrap();
        let moves = vec![step];
        let phase = mupac_passes::Phase::Loop;
        let words = of_choice(&Choice { moves, phase }, &names);
        words.map(|words| words.join(" "))
    };
    let split = "split i 256 -> i.o i.i";
    assert_eq!(told(split).as_deref(), Some("split v0 256 ;"));
    assert_eq!(
        told("bind i.o block.x").as_deref(),
        Some("bind v0 .o block.x ;")
    );
    assert_eq!(told("split elsewhere 256 -> a b"), None);
    assert_eq!(told("unheard-of i"), None);
}

#[test]
fn every_plan_of_a_search_is_written_as_choices() {
    let (start, device) = (state(PRODUCT), Device::default());
    let found = plans(&start, &mut Even, 48);
    assert!(found.len() > 8);
    for plan in &found {
        let choices = path(&start, &plan.trajectory, &device).expect("a path");
        let last = follow(&beginning(&start), &choices).expect("all choices fit");
        let moves = &plan.trajectory.moves;
        assert!(moves.starts_with(&last.trajectory().moves));
    }
}

/// Makes choices; `None` where one does not fit.
fn follow(draft: &Draft, choices: &[Choice]) -> Option<Draft> {
    let device = Device::default();
    let mut at = choices.iter();
    at.try_fold(draft.clone(), |draft, choice| {
        chosen(&draft, choice, &device)
    })
}

#[test]
fn it_writes_only_what_fits() {
    let (proposer, start) = (shipped(), state(PRODUCT));
    let first = beginning(&start);
    let proposals = proposer.proposals(&first, &Device::default()).unwrap();
    assert!(!proposals.is_empty());
    for choices in &proposals {
        assert!(follow(&first, choices).is_some(), "{choices:?}");
    }
    let mut distinct = proposals.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), proposals.len());
}

/// Proposes one sequence of choices.
struct Fixed(Vec<Choice>);

impl Guide for Fixed {
    fn advice(&mut self, draft: &Draft, choices: &[Choice]) -> Result<Advice, OracleError> {
        Even.advice(draft, choices)
    }

    fn proposals(&mut self, _draft: &Draft) -> Result<Vec<Vec<Choice>>, OracleError> {
        Ok(vec![self.0.clone()])
    }
}

#[test]
fn a_search_begins_with_what_is_proposed() {
    let (start, device) = (
        state(&PRODUCT.replace("512", "4096").replace("500", "4096")),
        Device::default(),
    );
    let best = greedy(&start, &mut Analytic::default(), &device).unwrap();
    let choices = path(&start, best.trajectory(), &device).unwrap();
    let length = choices.len();
    assert!(length > 1);
    let is_best = |plan: &Plan| plan.key == best.key();
    // A quarter of the budget is for proposals; the rest finds at most the last choices.
    let finds = |guide: &mut dyn Guide, quarter: usize| {
        plans(&start, guide, 4 * quarter).iter().any(is_best)
    };
    assert!(!finds(&mut Even, length));
    let mut guide = Fixed(choices);
    assert!(finds(&mut guide, length));
    assert!(!finds(&mut guide, 1));
}

#[test]
fn twenty_searches_on_any_thread_find_the_same_plans() {
    let (proposer, start) = (shipped(), state(PRODUCT));
    let found = || {
        let device = Device::default();
        let mut guide = Proposing::over(&proposer, &device, Even);
        plans(&start, &mut guide, 24)
    };
    let first = found();
    assert!(!first.is_empty());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..5).all(|_| found() == first)))
            .collect();
        for thread in threads {
            assert!(thread.join().expect("no panic"));
        }
    });
}
