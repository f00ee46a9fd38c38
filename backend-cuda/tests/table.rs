//! The run-time table of arrays that stay on the device: random work that it must not change, and mistakes that show.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod pieces;

use std::path::Path;
use std::process::Command;

use mupac_ir::parallel;

/// The pieces of the table.
const PIECES: [&str; 10] = [
    include_str!("../src/support/held_list.h"),
    include_str!("../src/support/spare.h"),
    include_str!("../src/support/allocate.h"),
    include_str!("../src/support/touch.h"),
    include_str!("../src/support/held.h"),
    include_str!("../src/support/look.h"),
    include_str!("../src/support/fetch_range.h"),
    include_str!("../src/support/watch.h"),
    include_str!("../src/support/release_range.h"),
    include_str!("../src/support/moved.h"),
];

/// What they are made of.
const PARTS: [&str; 7] = ["STAYS", "WATCH", "FILLS", "PARTS", "LENT", "SPARE", "ROOM"];

/// Returns the table as emitted text has it.
fn table() -> String {
    pieces::chosen(&PIECES, &PARTS)
}

/// Returns the same of a text with rows, which forgets them sooner.
fn table_of_rows() -> String {
    let shape = include_str!("../src/support/shape.h");
    let mirror = include_str!("../src/support/row_mirror.h");
    let pieces = [&[shape], &PIECES[..], &[mirror]].concat();
    let table = pieces::chosen(&pieces, &[&PARTS[..], &["ROWS"]].concat());
    table.replace("size() > 7", "size() > 2")
}

/// Memory that is left, or used when it is gone, is a fault as well.
const SANITIZED: [&str; 3] = [
    "-O1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

/// A mistake in the table: what stands there, and what somebody may write instead.
const MISTAKES: [(&str, &str); 56] = [
    ("~Held() { fetch(); ", "~Held() { "),
    (
        "from, end - a, cudaMemcpyHostToDevice",
        "from, 0, cudaMemcpyHostToDevice",
    ),
    (
        "b - begin, cudaMemcpyHostToDevice",
        "0, cudaMemcpyHostToDevice",
    ),
    ("end = b < newer ? b : newer", "end = b"),
    ("begin = a < newer_end ? newer_end : a", "begin = a"),
    ("b - a, cudaMemcpyDeviceToHost", "0, cudaMemcpyDeviceToHost"),
    ("        copy->see(first, last);\n", ""),
    ("if (!meets && b - a < seen_end - seen) return;", ""),
    (
        "return home(a, c, i + 1), home(d, b, i + 1);",
        "return home(a, c, i + 1);",
    ),
    (
        "if (auto [c, d] = lent[i]; c < b && a < d) return home(a, c, i + 1), home(d, b, i + 1);",
        "{}",
    ),
    ("home(d, b, i + 1);", "home(d, b, lent.size());"),
    (
        "fetch(a, b), lent.emplace_back(a, b), any_lent = true;",
        "fetch(a, b);",
    ),
    (
        "fetch(a, b), lent.emplace_back(a, b), any_lent = true;",
        "lent.emplace_back(a, b), any_lent = true;",
    ),
    (", any_lent = true;", ";"),
    (
        "    if (next != held->begin() && at < std::prev(next)->second->last) --next;\n",
        "",
    ),
    ("        lent.clear();\n", ""),
    ("each->settle();", "{}"),
    ("    written.out();\n", ""),
    ("fetch(b + begin, end - begin), release", "release"),
    ("release(a + begin, end - begin);", "true;"),
    ("        memcpy(a + begin, b + begin, end - begin);\n", ""),
    (
        "return fetch(b, count), release(a, count), false;",
        "return false;",
    ),
    (", empty(); is_over", "; is_over"),
    (
        "if (residences == 0) return MUPAC_CHECK(cudaFree(device), line);",
        "",
    ),
    ("(bytes + step - 1) / step * step", "bytes / step * step"),
    ("a = a < newer ? newer : a, b = newer_end", "b = newer_end"),
    ("        home(a, b);\n        if", "        if"),
    ("if (a == newer) newer = b;", "if (true) newer = b;"),
    (
        "else if (b == newer_end) newer_end = a;",
        "else newer_end = a;",
    ),
    ("        take(other, other.newer, other.newer_end);\n", ""),
    (
        "        if (a < b) take(other, a, b), see(a, b);",
        "        if (a < b) see(a, b);",
    ),
    ("high <= low || (seen <= low && high <= seen_end);", "true;"),
    (
        "if (each->users > 0 || !stays) fresh",
        "if (each->users > 0) fresh",
    ),
    ("    fresh->is_listed = stays && low < high;\n", ""),
    ("line, alignment, false)", "line, alignment)"),
    (
        " || !joins(other.newer, other.newer_end)) other.fetch();",
        ") other.fetch();",
    ),
    (
        "if (other.newer < first || last < other.newer_end || !joins",
        "if (!joins",
    ),
    (", other.newer_end = other.newer;", ";"),
    ("seen <= a && a < seen_end ? seen_end : a,", "seen_end,"),
    ("seen < b && b <= seen_end ? seen : b;", "seen;"),
    ("if (!copy->joins(first, last)) copy->fetch();", ""),
    ("each->take(*copy, first, last);", ";"),
    (
        "next_held(at);) drop(each);",
        "next_held(at);) each->fetch();",
    ),
    ("last <= each->last && ", ""),
    ("(first - each->first) % alignment == 0", "1"),
    ("if (each->users > 0 || !stays) continue;", "continue;"),
    (
        "fresh->is_listed = false, each->fetch();",
        "fresh->is_listed = false;",
    ),
    (
        "if (fresh->is_listed) fresh->absorb(*each);",
        "fresh->absorb(*each);",
    ),
    (
        "is_first || a < newer ? a : newer,",
        "is_first ? a : newer,",
    ),
    (
        "is_first || newer_end < b ? b : newer_end;",
        "is_first ? b : newer_end;",
    ),
    (
        "&& !(residences > 0 && copy->is_listed)",
        "&& !(residences > 0)",
    ),
    ("&& --residences == 0) release(),", "&& --residences == 0)"),
    (
        "Apart(bool needed = true) : is_needed(needed) { if (is_needed) release(), residences = 0; }",
        "Apart(bool needed = true) : is_needed(needed) { if (is_needed) release(); }",
    ),
    ("copy->fetch(each->first, each->last);", ";"),
    ("fetch(host, count), watched = this;", "watched = this;"),
    (
        "~Watch() { watched = outer; }",
        "~Watch() { watched = nullptr; }",
    ),
];

/// The same in what is meant of rows.
const MISTAKES_OF_ROWS: [(&str, &str); 47] = [
    (
        "|| !source->means(b + first, b + last))) last = first;",
        ")) {}",
    ),
    ("move_in(meant, a, end, from), move_in", "move_in"),
    (
        "move_in(meant, a, end, from), move_in(meant, begin, b, from + (begin - a));",
        "move_in(meant, a, end, from);",
    ),
    ("move_parts(written, a, b,", "move_parts(meant, a, b,"),
    ("for (auto [a, b] : lent) move_in(meant, a, b, a);", ""),
    (
        "        fetch();\n        if (meant.size()",
        "        if (meant.size()",
    ),
    (
        "meant.push_back(all), move_in({shape}, seen, seen_end, seen);",
        "meant.push_back(all);",
    ),
    ("if (!copy->is_exactly(shape)) copy->fill(first, last);", ""),
    (
        "if (shape.is_plain() || meant.size() != 1) return shape.is_plain();",
        "if (shape.is_plain() || meant.size() != 1) return true;",
    ),
    ("meant[0].pitch == shape.pitch && ", ""),
    ("meant[0].width == shape.width && ", ""),
    ("        copy->write(shape);\n", ""),
    (
        "if (written.size() > 2) fetch(), written.clear();",
        "if (written.size() > 2) written.clear();",
    ),
    ("if (other.first < first || last < other.last) return;", ""),
    (
        "for (const Shape &each : other.meant) meant.push_back(each);",
        "",
    ),
    (
        "for (const Shape &each : other.written) written.push_back(each);",
        "",
    ),
    (" && (at == 0 || !is_loose);", ";"),
    ("(other.count == 1 || other.pitch % pitch == 0) && ", ""),
    ("at + other.width <= width && ", ""),
    (
        "if (other.first < first || last() < other.last() || is_plain()) return first",
        "if (is_plain()) return first",
    ),
    (
        "return count == 1 && planes == 1 && !is_loose;",
        "return count == 1 && planes == 1;",
    ),
    (
        "return count == 1 && planes == 1 && !is_loose;",
        "return count == 1 && !is_loose;",
    ),
    ("(other.planes == 1 || other.plane % plane == 0) && ", ""),
    (" && (other.planes == 1 || other.plane % pitch == 0)", ""),
    (" && meant[0].plane == shape.plane", ""),
    (
        "(shape.planes == 1 || meant[0].count == shape.count) && ",
        "",
    ),
    ("count = rows, plane = q", "plane = q"),
    (
        "each->take(*copy, shape);",
        "each->take(*copy, first, last);",
    ),
    (
        "is_inside && !(stays ? wants_more : !each->means(first, last))",
        "is_inside && !(stays && wants_more)",
    ),
    (
        "is_inside && !(stays ? wants_more : !each->means(first, last))",
        "is_inside && (stays || each->means(first, last))",
    ),
    ("if (!is_meant) continue;", "continue;"),
    (
        "if (first + row * pitch < a) cut(first + row++ * pitch);",
        "",
    ),
    ("        if (row < count) cut(first + row * pitch);\n", ""),
    (
        "if (row < whole) found(first + row * pitch, width, whole - row), row = whole;",
        "if (row < whole) found(first + row * pitch, width, whole - row - 1), row = whole;",
    ),
    ("begin = begin < a ? a : begin;", ""),
    ("begin + width < b ? begin + width : b;", "begin + width;"),
    ("reach < width ? 0 : ", ""),
    ("if (!all.takes(meant[i])) continue;", ""),
    (
        " && first <= other.last() && other.first <= last()) {",
        ") {",
    ),
    ("return holds(other);", "return true;"),
    (
        "each->low = low < each->low ? low : each->low, each->high",
        "each->high",
    ),
    (", each->high = each->high < high ? high : each->high;", ";"),
    (
        "if (meant.size() > 2 && users == 1)",
        "if (meant.size() > 2)",
    ),
    ("if (first < last) copy->know(shape);", ""),
    ("stays && (a != low || b != high);", "false;"),
    (
        "low = each->low < low ? each->low : low, high = high < each->high ? each->high : high;",
        "high = high < each->high ? each->high : high;",
    ),
    (
        "low = each->low < low ? each->low : low, high = high < each->high ? each->high : high;",
        "low = each->low < low ? each->low : low;",
    ),
];

/// Runs the random work over a table; the error is what it says went wrong.
fn work(number: usize, flags: &[&str], table: &str) -> Result<(), String> {
    let name = format!("mupac-table-{number}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    std::fs::write(folder.join("held.h"), table).unwrap();
    let program = folder.join("table");
    let output = Command::new("g++")
        .args(["-std=c++17", "-w"])
        .args(flags)
        .arg("-I")
        .arg(&folder)
        .arg("-I")
        .arg(tests.join("stub"))
        .arg(tests.join("table.cpp"))
        .arg("-o")
        .arg(&program)
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
    let output = Command::new(&program).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Err(format!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_table_changes_no_value_and_keeps_no_memory() {
    assert_eq!(work(0, &SANITIZED, &table()), Ok(()));
}

#[test]
fn rows_change_no_value_and_nothing_between_them() {
    let flags = [&SANITIZED[..], &["-DROWS"]].concat();
    assert_eq!(work(1, &flags, &table_of_rows()), Ok(()));
}

#[test]
fn every_mistake_in_the_table_shows() {
    assert_eq!(unseen(100, &[], &table(), &MISTAKES), Vec::<&str>::new());
}

#[test]
fn every_mistake_in_what_is_meant_of_rows_shows() {
    let unseen = unseen(200, &["-DROWS"], &table_of_rows(), &MISTAKES_OF_ROWS);
    assert_eq!(unseen, Vec::<&str>::new());
}

/// Returns the mistakes in a table that nothing shows.
fn unseen<'a>(
    number: usize,
    flags: &[&str],
    table: &str,
    mistakes: &[(&'a str, &str)],
) -> Vec<&'a str> {
    let numbered: Vec<_> = (number..).zip(mistakes).collect();
    let unseen = parallel::map(&numbered, |(number, (right, wrong))| {
        assert_eq!(table.matches(right).count(), 1, "{right}");
        let found = work(*number, flags, &table.replace(right, wrong));
        found.is_ok().then_some(*right)
    });
    unseen.into_iter().flatten().collect()
}
