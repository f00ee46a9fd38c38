//! The network that is shipped: it says what its trainer said, is refused where features differ, and guides a search.
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "the helpers of a test fail like the test"
)]

use std::sync::Arc;

use mupac_model::network::features::{ACCESS_SLOTS, CHOICE_SLOTS, widths};
use mupac_model::network::{Row, schema_hash};
use mupac_model::search::{Choice, Plan};
use mupac_model::{Analytic, Budget, Guide, Learned, Network, NetworkError, search};
use mupac_passes::{Device, State};

/// What the trainer's own arithmetic made of some rows: the logits and the gains of each.
const PARITY: &str = include_str!("../train/parity.json");

const PRODUCT: &str = "fn f(c: *f32[512], a: *const f32[512], b: *const f32[512]) {
  for i: i32 in 0..512 {
    for j: i32 in 0..512 {
      for k: i32 in 0..512 {
        S0: c[i][j] = c[i][j] + a[i][k] * b[k][j]
      }
    }
  }
}";

fn product() -> State {
    let module = mupac_ir::parse::module(PRODUCT).unwrap_or_else(|error| panic!("{error}"));
    State::new(Arc::new(mupac_passes::analyse(module)), 0).expect("a region")
}

fn shipped() -> Network {
    Network::shipped().expect("the network that comes with mupac fits its features")
}

fn choices(start: &State) -> Vec<Choice> {
    let offers = start.offers(&Device::default()).into_iter();
    let choice = |offer: mupac_passes::Offer| Choice {
        moves: vec![offer.step],
        phase: offer.phase,
    };
    offers.map(choice).collect()
}

/// Returns a row of numbers that look random, as `model/train/parity.py` makes them.
fn probe(number: usize) -> Row {
    let [nest, access, choice] = widths();
    let (accesses, choices) = (ACCESS_SLOTS * access, CHOICE_SLOTS * choice);
    let digit = |at: usize| ((at * 7919 + number * 104_729) % 1000) as f32 / 1000.0;
    let all: Vec<f32> = (0..nest + accesses + choices).map(digit).collect();
    Row {
        number: 0,
        nest: all[..nest].to_vec(),
        accesses: all[nest..nest + accesses].to_vec(),
        access_mask: (0..ACCESS_SLOTS)
            .map(|slot| f32::from(u8::from(slot <= number)))
            .collect(),
        choices: all[nest + accesses..].to_vec(),
        positions: (0..CHOICE_SLOTS).collect(),
    }
}

#[test]
fn it_says_what_its_trainer_said() {
    let network = shipped();
    let rows: Vec<Vec<f32>> = serde_json::from_str(PARITY).unwrap();
    assert!(rows.len() >= 4);
    for (number, told) in rows.iter().enumerate() {
        let opinion = network.opinion(&probe(number)).unwrap();
        let own = opinion.logits.iter().chain(&opinion.gains);
        assert_eq!(told.len(), 2 * CHOICE_SLOTS);
        for (own, told) in own.zip(told) {
            // Half of what answers are rounded to, and as much for sums in another order.
            assert!(
                (own - told).abs() <= 1.0 / 1024.0,
                "row {number}: {own} for {told}"
            );
        }
    }
}

#[test]
fn a_network_of_other_features_is_refused() {
    let onnx = include_bytes!("../train/policy_value.onnx").to_vec();
    let (own, other) = (schema_hash(), "0123456789abcdef");
    let mut changed = onnx.clone();
    for at in 0..onnx.len() - own.len() {
        if onnx[at..].starts_with(own.as_bytes()) {
            changed[at..at + own.len()].copy_from_slice(other.as_bytes());
        }
    }
    let refused = Network::read(&changed).expect_err("features differ");
    let trained = other.to_owned();
    assert_eq!(refused, NetworkError::Schema { trained, own });
}

#[test]
fn what_is_no_network_is_refused() {
    for bytes in [b"".as_slice(), b"no network"] {
        let refused = Network::read(bytes).expect_err("it is none");
        assert!(matches!(refused, NetworkError::Runtime(_)), "{refused}");
    }
}

#[test]
fn the_order_of_choices_changes_no_share() {
    let (network, start) = (shipped(), product());
    let mut guide = Learned::new(&network, &Device::default());
    let choices = choices(&start);
    let turned: Vec<Choice> = choices.iter().rev().cloned().collect();
    let shares = guide.advice(&start, &choices).unwrap().shares;
    let mut other = guide.advice(&start, &turned).unwrap().shares;
    other.reverse();
    assert!(shares.iter().all(|share| *share > 0.0));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    for (one, other) in shares.iter().zip(&other) {
        assert!((one - other).abs() < 1e-9, "{one} and {other}");
    }
    let (least, most) = shares
        .iter()
        .fold((1.0_f64, 0.0_f64), |(least, most), share| {
            (least.min(*share), most.max(*share))
        });
    assert!(most > 2.0 * least, "it has no opinion: {shares:?}");
}

#[test]
fn twenty_searches_on_any_thread_find_the_same_plans() {
    let (network, start) = (shipped(), product());
    let found = || -> Vec<Plan> {
        let device = Device::default();
        let mut guide = Learned::new(&network, &device);
        let (mut oracle, budget) = (Analytic::default(), Budget::of(24));
        let ranking = search(&start, &mut oracle, &mut guide, &device, budget).unwrap();
        ranking.plans().cloned().collect()
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
