//! As many random programs as one likes, through every stage.
//!
//! `cargo mupac-fuzz --programs 2000 --seed 0 --batch 300 --out out/fuzz`
//!
//! Programs of even seeds are translated by the tool's own choice, the others by random moves; with `--far` all by random
//! trajectories of four moves and more, or of as many as `--moves` says.
//! With `--level 0`, `2` or `3` all are translated by the tool's own choice at that level; a search looks at few states.
//! `--memory` says where arrays lie, as on the command line; without it, of five programs of either kind two have copies,
//! one has them in managed memory, one none where the device sees the host's, and one is passed memory of the device where
//! its function can take it.
//! `--cpu-threshold` says below how many iterations the host computes; without it, half of the programs of the tool's own
//! choice launch always, and half with a threshold among their sizes.
//! Half of the programs are sketches, which are text only, the others trees whose text is dressed; `--family Sketch` and
//! `--family trees` make one of them.
//! With `--until N` it goes on until so many programs have launched a kernel after as many moves.
//! Prints totals by kind of program and by kind of guard, and adds them to those of earlier runs.
//! A program that disagrees is made small and written to the folder with what was seen.
//! Exit code 1 where one disagrees, or where a long run leaves a guard that never turned out both ways.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a developer's program prints, and stops where its tools fail"
)]

#[path = "../agreement/mod.rs"]
mod agreement;
mod shrink;
mod totals;

use std::path::PathBuf;
use std::process::ExitCode;

use agreement::compiled::Executors;
use agreement::tally::Disagreement;
use agreement::{FAR, MIDDLE, Profile, Tally};
use mupac_ir::Memory;
use mupac_ir::generate::{Case, Family, Options, written};

/// A run of so many programs is long enough to have seen everything that turns up at all.
const MANY: u64 = 2000;

/// Where arrays of programs lie whose seeds say it, and from how many iterations on they launch.
const TURNS: [(Memory, u64); 5] = [
    (Memory::Explicit, 0),
    (Memory::Device, MIDDLE),
    (Memory::Explicit, MIDDLE),
    (Memory::Managed, 0),
    (Memory::System, 0),
];

/// What to run.
#[derive(Debug)]
struct Request {
    /// Programs at most; `None`: so many that the run is long, or any number until there is enough.
    programs: Option<u64>,
    /// Programs that are to launch a kernel after as many moves as are asked for.
    until: Option<u64>,
    seed: u64,
    batch: usize,
    families: Vec<Family>,
    is_shrunk: bool,
    /// The moves of a trajectory, at least; `None`: not all programs are translated by random ones.
    moves: Option<usize>,
    /// The level of the tool's own choice; `None`: not all programs are translated by it.
    level: Option<u8>,
    /// Where arrays lie; `None`: the seed says it.
    memory: Option<Memory>,
    /// Below how many iterations the host computes; `None`: the seed says it.
    cpu_threshold: Option<u64>,
    out: PathBuf,
}

impl Request {
    /// Returns how programs are translated that follow one another, in turn.
    fn profiles(&self) -> Vec<Profile> {
        let both = match (self.level, self.moves) {
            (Some(level), _) => [Profile::of_level(level), Profile::of_level(level)],
            (None, Some(moves)) => Profile::travelling(moves),
            (None, None) => [Profile::chosen(), Profile::wandering()],
        };
        let turns = TURNS.map(|(memory, threshold)| {
            let with = |profile: &Profile, threshold: Option<u64>| {
                let profile = profile.with_memory(self.memory.unwrap_or(memory));
                let threshold = self.cpu_threshold.or(threshold);
                threshold.map_or_else(|| profile.clone(), |most| profile.with_threshold(most))
            };
            // Random moves have a threshold of their own.
            [with(&both[0], Some(threshold)), with(&both[1], None)]
        });
        turns.into_iter().flatten().collect()
    }

    /// Returns the number of the profile by which a program is translated, `None` where its arrays can lie in none of them.
    fn turn(case: &Case, profiles: &[Profile]) -> Option<usize> {
        let count = profiles.len();
        let first = (case.seed % count as u64) as usize;
        // Two steps on, moves are chosen in the same way.
        let mut turns = (0..count).map(|steps| (first + 2 * steps) % count);
        turns.find(|turn| case.fits(profiles[*turn].side()))
    }

    /// Returns the seed behind the last.
    fn end(&self) -> u64 {
        let most = if self.until.is_some() { u64::MAX } else { MANY };
        self.seed.saturating_add(self.programs.unwrap_or(most))
    }

    fn is_enough(&self, tally: &Tally) -> bool {
        self.until.is_some_and(|until| tally.total().far >= until)
    }
}

fn main() -> ExitCode {
    let Some(request) = request() else {
        println!(
            "usage: mupac-fuzz [--programs N] [--seed S] [--batch N] [--family NAME] [--far] [--moves N] [--level 0|2|3] [--memory explicit|managed|device|system] [--cpu-threshold N] [--until N] [--no-shrink] [--out DIR]"
        );
        return ExitCode::from(2);
    };
    std::fs::create_dir_all(&request.out).unwrap();
    let executors = agreement::executors();
    let options = Options {
        families: request.families.clone(),
        ..Options::default()
    };
    let mut tally = Tally::default();
    let far = request.moves.unwrap_or(FAR);
    let end = request.end();
    for first in (request.seed..end).step_by(request.batch) {
        if request.is_enough(&tally) {
            break;
        }
        let seeds = first..end.min(first.saturating_add(request.batch as u64));
        let start = std::time::Instant::now();
        let profiles = request.profiles();
        let mut cases = vec![Vec::new(); profiles.len()];
        for seed in seeds {
            let case = written(seed, &options).unwrap();
            if let Some(turn) = Request::turn(&case, &profiles) {
                cases[turn].push(case);
            }
        }
        tally.spend("generation", start.elapsed());
        for (profile, cases) in profiles.into_iter().zip(cases) {
            let before = tally.disagreements.len();
            agreement::run(&executors, &profile, &cases, &mut tally);
            for each in &tally.disagreements[before..] {
                let Case { seed, family, .. } = &each.case;
                println!("seed {seed} ({family:?}): {}", each.what);
                save(&executors, &profile, each, &request);
            }
        }
        let (total, wrong) = (tally.total(), tally.disagreements.len());
        println!(
            "{} programs, {} launched a kernel after {far} moves and more, {wrong} disagree",
            total.programs, total.far
        );
    }
    println!("{tally}");
    println!(
        "{}",
        totals::add(&request.out.join("totals.json"), &tally, far)
    );
    let one_sided = one_sided_guards(&tally);
    let is_lacking = tally.total().programs >= MANY && !one_sided.is_empty();
    if is_lacking {
        println!("never both ways: {}", one_sided.join(", "));
    }
    ExitCode::from(u8::from(is_lacking || !tally.disagreements.is_empty()))
}

/// Returns the kinds of guards that plans have and that did not turn out both ways.
fn one_sided_guards(tally: &Tally) -> Vec<&'static str> {
    let guards = tally.guards.iter();
    guards
        .filter(|(_, outcomes)| outcomes.held == 0 || outcomes.failed == 0)
        .map(|(kind, _)| *kind)
        .collect()
}

/// Writes a program that disagrees, as found and made small.
fn save(executors: &Executors, profile: &Profile, found: &Disagreement, request: &Request) {
    let write = |found: &Disagreement, name: &str| {
        let harness = found.harness();
        let path = request.out.join(format!("{name}.c"));
        std::fs::write(&path, format!("// {}\n{}", found.what, harness.source())).unwrap();
        // What the program reads: its arguments and the memory they point to.
        std::fs::write(path.with_extension("in"), harness.stdin).unwrap();
        if !harness.other.is_empty() {
            let other = request.out.join(format!("{name}-other.c"));
            std::fs::write(other, harness.other).unwrap();
        }
        path
    };
    let name = found.case.seed.to_string();
    write(found, &name);
    if request.is_shrunk {
        let small = shrink::shrink(executors, profile, found);
        let path = write(&small, &format!("{name}-small"));
        println!("made small: {}", path.display());
    }
}

fn request() -> Option<Request> {
    let mut request = Request {
        programs: None,
        until: None,
        seed: 0,
        batch: 300,
        families: Vec::new(),
        is_shrunk: true,
        moves: None,
        level: None,
        memory: None,
        cpu_threshold: None,
        out: PathBuf::from("out/fuzz"),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--programs" => request.programs = Some(words.next()?.parse().ok()?),
            "--until" => request.until = Some(words.next()?.parse().ok()?),
            "--seed" => request.seed = words.next()?.parse().ok()?,
            "--batch" => request.batch = words.next()?.parse().ok().filter(|count| *count > 0)?,
            "--family" => request.families.extend(families(&words.next()?)?),
            "--far" => request.moves = request.moves.or(Some(FAR)),
            "--moves" => request.moves = Some(words.next()?.parse().ok()?),
            "--level" => request.level = Some(level(&words.next()?)?),
            "--memory" => request.memory = Some(memory(&words.next()?)?),
            "--cpu-threshold" => request.cpu_threshold = Some(words.next()?.parse().ok()?),
            "--no-shrink" => request.is_shrunk = false,
            "--out" => request.out = PathBuf::from(words.next()?),
            _ => return None,
        }
    }
    Some(request)
}

fn level(word: &str) -> Option<u8> {
    word.parse().ok().filter(|level| *level <= 3)
}

fn memory(name: &str) -> Option<Memory> {
    let is_called = |memory: &Memory| format!("{memory:?}").eq_ignore_ascii_case(name);
    TURNS.map(|(memory, _)| memory).into_iter().find(is_called)
}

fn families(name: &str) -> Option<Vec<Family>> {
    if name.eq_ignore_ascii_case("trees") {
        return Some(Family::ALL.to_vec());
    }
    let is_called = |family: &Family| format!("{family:?}").eq_ignore_ascii_case(name);
    let mut families = Family::ALL.into_iter().chain([Family::Sketch]);
    families.find(is_called).map(|family| vec![family])
}
