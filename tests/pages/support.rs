//! Copies that rest between regions while the system tells which pages the host writes, on a device that is played.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use mupac_ir::parallel;

use crate::pieces;

/// What the support is made of then.
const PIECES: [&str; 16] = [
    include_str!("../../backend-cuda/src/support/mapped.h"),
    include_str!("../../backend-cuda/src/support/pages.h"),
    include_str!("../../backend-cuda/src/support/held_list.h"),
    include_str!("../../backend-cuda/src/support/table.h"),
    include_str!("../../backend-cuda/src/support/spare.h"),
    include_str!("../../backend-cuda/src/support/allocate.h"),
    include_str!("../../backend-cuda/src/support/held.h"),
    include_str!("../../backend-cuda/src/support/buffer.h"),
    include_str!("../../backend-cuda/src/support/fetch_range.h"),
    include_str!("../../backend-cuda/src/support/watch.h"),
    include_str!("../../backend-cuda/src/support/release_range.h"),
    include_str!("../../backend-cuda/src/support/moved.h"),
    include_str!("../../backend-cuda/src/support/range.h"),
    include_str!("../../backend-cuda/src/support/stamp.h"),
    include_str!("../../backend-cuda/src/support/subscripts.h"),
    include_str!("../../backend-cuda/src/support/different_subscripts.h"),
];

/// A mistake: what stands there, and what somebody may write instead.
const MISTAKES: [(&str, &str); 42] = [
    ("fetch(), seen = seen_end = first;\n", "fetch();\n"),
    (
        "seen = seen_end = first;\n        lent.clear();",
        "seen = seen_end = first;",
    ),
    ("watch(), pages.written(a, b, to_device);", "{}"),
    (
        "return home(a, c, i + 1), home(d, b, i + 1);",
        "return home(a, c, i + 1);",
    ),
    ("each->settle();", "{}"),
    ("    empty();\n", ""),
    ("= {rounded(bytes), device}", "= {bytes, device}"),
    ("while (step < (2 << 20)", "while (step < 0"),
    ("take(0)", "take(15)"),
    ("spare[at] = spare[at + 1];", "{}"),
    (
        "for (spares--; at < spares; at++)",
        "for (; at + 1 < spares; at++)",
    ),
    ("else if (each->rest(), !", "else if (!"),
    ("return way[3] == 'p'", "return true"),
    ("end = from < to ? from : all", "end = begin"),
    ("add(to, all), tell();", "tell();"),
    ("if (begin == end) begin = end = low;", ""),
    ("tell(), begin = low;", "begin = low;"),
    ("head.changed(a, b, found), ", ""),
    ("tail.changed(a, b, found);", "(void)0;"),
    ("does(), head.know(a, b), tail.know(a, b);", "does();"),
    ("is_known = a <= first && last <= b;", "is_known = true;"),
    ("pages.head.is_known = pages.tail.is_known = false;", ""),
    ("(is_known && a == first && b == last &&", "(is_known &&"),
    ("resting = nullptr, tracker.open()", "tracker.open()"),
    ("!each->pages.are_told() || sum > most", "sum > most"),
    ("are_told() || sum > most", "are_told()"),
    ("            each->used = ++uses;\n", ""),
    (
        "if ((size_t)(first - low) % alignment != 0) low = first, high = last;",
        "",
    ),
    ("    (void)cudaGetLastError();", "    "),
    ("    make_room();\n", ""),
    ("if (each->users == 0) drop(each);", ""),
    ("if (count < 0) are = refused;", "if (count < 0) break;"),
    ("return are == small || are == watched", "return true"),
    ("if (hold && now == then)", "if (hold)"),
    ("if (hold && now == then)", "if (now == then)"),
    ("then = now, hold = false", "hold = false"),
    ("        all.clear();\n", ""),
    (
        "        stamp = ++stamps;\n        bool meets",
        "        bool meets",
    ),
    (
        "any_lent = true;\n        stamp = ++stamps;",
        "any_lent = true;",
    ),
    (" && each->lent.empty()", ""),
    (
        "        stamp = ++stamps;\n        pages.head",
        "        pages.head",
    ),
    ("return found ? found : ++stamps;", "return found;"),
];

/// A program that tries the support, in a folder of its own.
struct Program {
    folder: PathBuf,
}

impl Drop for Program {
    fn drop(&mut self) {
        // What is left in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Program {
    fn new(number: usize, support: &str, flags: &[&str]) -> Self {
        let name = format!("mupac-pages-{number}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("support.h"), support).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut compiler = Command::new("g++");
        compiler
            .args(["-std=c++17", "-pthread", "-Wall", "-Wextra"])
            .args(flags);
        compiler
            .arg("-I")
            .arg(&folder)
            .arg("-I")
            .arg(root.join("backend-cuda/tests/stub"));
        compiler
            .arg(root.join("tests/pages/support.cpp"))
            .arg("-o")
            .arg(folder.join("pages"));
        let output = compiler.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { folder }
    }

    /// Runs it; the error is what it says went wrong.
    fn run(&self, name: &str) -> Result<String, String> {
        let output = Command::new(self.folder.join("pages"))
            .arg(name)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(said);
        }
        Err(format!(
            "{name}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }

    /// Returns what goes wrong first.
    fn failure(&self) -> Option<String> {
        let names = self.run("--list").unwrap();
        names.lines().find_map(|name| self.run(name).err())
    }
}

const PARTS: [&str; 9] = [
    "PAGES", "STAYS", "WATCH", "FILLS", "PARTS", "LENT", "SPARE", "ROOM", "KNOWN",
];

fn support() -> String {
    pieces::chosen(&PIECES, &PARTS)
}

/// Returns the support of a text that has rows as well.
fn support_of_rows() -> String {
    let shape = include_str!("../../backend-cuda/src/support/shape.h");
    let pieces = [&[shape], &PIECES[..]].concat();
    pieces::chosen(&pieces, &[&PARTS[..], &["ROWS"]].concat())
}

/// Copies that rest change no value, and are made again only where they must.
pub(crate) fn holds() -> Result<(), Failed> {
    for (number, support) in [(0, support()), (1000, support_of_rows())] {
        if let Some(failure) = Program::new(number, &support, &["-O1", "-Werror"]).failure() {
            return Err(failure.into());
        }
    }
    Ok(())
}

/// Every mistake in the support shows.
pub(crate) fn shows_mistakes() -> Result<(), Failed> {
    let support = support();
    let numbered: Vec<_> = (1..).zip(MISTAKES).collect();
    let unseen = parallel::map(&numbered, |(number, (right, wrong))| {
        assert_eq!(support.matches(right).count(), 1, "{right}");
        let program = Program::new(*number, &support.replace(right, wrong), &["-w"]);
        program.failure().is_none().then_some(*right)
    });
    let unseen: Vec<&str> = unseen.into_iter().flatten().collect();
    if unseen.is_empty() {
        return Ok(());
    }
    Err(format!("not seen: {unseen:?}").into())
}

/// Returns whether the system tells what is written.
pub(crate) fn is_told() -> bool {
    // A kernel of 6.7 or later does, unless something forbids it, which is a failure to be told.
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let numbers = release
        .split(['.', '-'])
        .map_while(|part| part.parse().ok());
    numbers.collect::<Vec<u32>>() >= vec![6, 7]
}
