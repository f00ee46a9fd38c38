//! The table of loops on the terminal: a row for each of a few, and what matters of many.

use std::collections::BTreeMap;

use mupac_ir::{LoopOutcome, Plan, Verdict};

use super::{kernels, remark_within, runs_by_itself, untold};

/// Of more loops, those that stay on the host are told by their reasons, and those inside of kernels are not told of.
const MOST_LOOPS: usize = 12;
/// So many kernels have a row each.
const MOST_KERNELS: usize = 24;
/// So many guards of each of many kernels are told.
const MOST_GUARDS: usize = 2;
/// So many loops of one reason are named.
const MOST_PLACES: usize = 3;
/// Remarks are not broken to fit less.
const LEAST_WIDTH: usize = 30;
/// How far lines go in below a row that leaves no room for its remark.
const NARROW_INDENT: usize = 4;

/// A row: where, the verdict, where it runs, and a remark.
struct Row {
    place: String,
    verdict: &'static str,
    runner: String,
    remark: String,
}

/// Returns a line per loop, in columns, the remark broken where lines have to fit a width. Where loops are many and not all
/// are asked for: a line per kernel, one for each reason that keeps loops on the host, and how many there are.
///
/// A parallel loop inside a kernel that an earlier line names is left out; the shape of the launch tells of it.
pub fn table(plan: &Plan, width: Option<usize>, is_verbose: bool) -> Vec<String> {
    let told: Vec<&LoopOutcome> = untold(plan).collect();
    let is_whole = is_verbose || told.len() <= MOST_LOOPS;
    let rows = |names: Names| {
        if is_whole {
            let rows = told.iter().map(|each| row(plan, each, names, usize::MAX));
            rows.collect()
        } else {
            grouped(plan, &told, names)
        }
    };
    let wide: Vec<Row> = rows(Names::Whole);
    let fits = |rows: &[Row]| width.is_none_or(|width| indent(rows) + LEAST_WIDTH <= width);
    let rows = if fits(&wide) { wide } else { rows(Names::Last) };
    let mut lines = laid_out(&rows, width);
    lines.extend((!is_whole).then(|| count(plan)));
    lines
}

/// How files are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// As the user does.
    Whole,
    /// Without their folders, where there is little room.
    Last,
}

/// Returns the rows of many loops: kernels, then what keeps the others on the host.
fn grouped(plan: &Plan, told: &[&LoopOutcome], names: Names) -> Vec<Row> {
    let of_kernels: Vec<Row> = told
        .iter()
        .filter(|each| each.verdict == Verdict::Parallel)
        .map(|each| row(plan, each, names, MOST_GUARDS))
        .collect();
    let mut reasons: Vec<Option<&str>> = Vec::new();
    let mut groups: BTreeMap<Option<&str>, Vec<&LoopOutcome>> = BTreeMap::new();
    for outcome in told.iter().filter(|each| stays_on_host(each)) {
        let code = outcome.reasons.first().map(|first| first.reason.code());
        if !reasons.contains(&code) {
            reasons.push(code);
        }
        groups.entry(code).or_default().push(outcome);
    }
    let of_host = reasons.iter().filter_map(|code| {
        let (first, others) = groups.get(code)?.split_first()?;
        Some(of_group(plan, first, others, names))
    });
    let is_few = of_kernels.len() <= MOST_KERNELS;
    let shown = of_kernels.into_iter().filter(|_| is_few);
    shown.chain(of_host).collect()
}

fn stays_on_host(outcome: &LoopOutcome) -> bool {
    outcome.kernel.is_none() && runs_by_itself(outcome)
}

/// Returns the row of loops that stay for reasons of one kind.
fn of_group(plan: &Plan, first: &LoopOutcome, others: &[&LoopOutcome], names: Names) -> Row {
    let alone = row(plan, first, names, MOST_GUARDS);
    let Some(reason) = first.reasons.first().filter(|_| !others.is_empty()) else {
        return alone;
    };
    let mut place = alone.place;
    let file = plan.module.source.file(first.header_span.start);
    for other in others.iter().take(MOST_PLACES - 1) {
        let at = other.header_span;
        place += ", ";
        place += &if plan.module.source.file(at.start) == file {
            plan.module.source.line(at).to_string()
        } else {
            self::place(plan, other, names)
        };
    }
    let left = others.len().saturating_sub(MOST_PLACES - 1);
    if left > 0 {
        place += " and ";
        place += &left.to_string();
        place += " more";
    }
    let message = reason.reason.to_string();
    let mut rest = others.iter().filter_map(|other| other.reasons.first());
    let are_alike = rest.all(|other| other.reason.to_string() == message);
    let like = if are_alike {
        ""
    } else {
        " (and others of this kind)"
    };
    Row {
        place,
        remark: format!("{}: {message}{like}", reason.reason.code()),
        ..alone
    }
}

fn row(plan: &Plan, outcome: &LoopOutcome, names: Names, most_guards: usize) -> Row {
    let runner = match (&outcome.kernel, outcome.verdict) {
        (Some(kernel), Verdict::Parallel) => kernel.clone(),
        (Some(kernel), Verdict::Sequential | Verdict::Host | Verdict::Inlined) => {
            format!("in {kernel}")
        }
        (None, Verdict::Host | Verdict::Inlined) => String::new(),
        (None, Verdict::Parallel | Verdict::Sequential) => "host".to_owned(),
    };
    Row {
        place: place(plan, outcome, names),
        verdict: outcome.verdict.name(),
        runner,
        remark: remark_within(plan, outcome, most_guards),
    }
}

fn place(plan: &Plan, outcome: &LoopOutcome, names: Names) -> String {
    let source = &plan.module.source;
    let file = source.file(outcome.header_span.start);
    let file = match names {
        Names::Whole => file,
        Names::Last => file.rsplit('/').next().unwrap_or(file),
    };
    format!("{file}:{}", source.line(outcome.header_span))
}

/// Returns how many loops run where.
fn count(plan: &Plan) -> String {
    let on_gpu = plan.loops.iter().filter(|each| each.is_device_code());
    let by_themselves = plan.loops.iter().filter(|each| runs_by_itself(each));
    let (on_gpu, all) = (on_gpu.count(), by_themselves.count());
    let kernels = kernels(plan);
    format!(
        "{on_gpu} of {all} loops run on the GPU, in {kernels}; -v says of each where it runs, and why"
    )
}

/// Returns the widths of the columns before the remark.
fn widths(rows: &[Row]) -> [usize; 3] {
    let widest = |cell: fn(&Row) -> &str| {
        let cells = rows.iter().map(|row| cell(row).chars().count());
        cells.max().unwrap_or(0)
    };
    [
        widest(|row| &row.place),
        widest(|row| row.verdict),
        widest(|row| &row.runner),
    ]
}

/// Returns how far in the remarks begin.
fn indent(rows: &[Row]) -> usize {
    const BETWEEN_COLUMNS: usize = 2;
    widths(rows).iter().map(|each| each + BETWEEN_COLUMNS).sum()
}

fn laid_out(rows: &[Row], width: Option<usize>) -> Vec<String> {
    let [places, verdicts, runners] = widths(rows);
    let lines = rows.iter().map(|row| {
        let Row {
            place,
            verdict,
            runner,
            remark,
        } = row;
        let line = format!("{place:places$}  {verdict:verdicts$}  {runner:runners$}  {remark}");
        broken(&line, indent(rows), width)
    });
    lines.collect()
}

/// Breaks a row so that its lines fit a width, the later ones below its remark.
fn broken(row: &str, indent: usize, width: Option<usize>) -> String {
    let row = row.trim_end();
    let Some(width) = width.filter(|width| *width >= LEAST_WIDTH) else {
        return row.to_owned();
    };
    let has_room = width >= indent + LEAST_WIDTH;
    let space = " ".repeat(if has_room { indent } else { NARROW_INDENT });
    let options = textwrap::Options::new(width).subsequent_indent(&space);
    textwrap::fill(row, options.break_words(false))
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn remarks_are_broken_below_themselves() {
        let row = "a.c:7  parallel  1-D, 256, if n >= 1500 and u[0..n) and v[0..n) do not overlap";
        let expected = "a.c:7  parallel  1-D, 256, if n >= 1500 and\n                 u[0..n) and v[0..n) do not\n                 overlap";
        assert_eq!(broken(row, 17, Some(47)), expected);
        // There is too little room for that.
        let narrow =
            "a.c:7  parallel  1-D, 256, if n >= 1500 and\n    u[0..n) and v[0..n) do not overlap";
        assert_eq!(broken(row, 17, Some(46)), narrow);
        // There is no terminal, or hardly one.
        assert_eq!(broken(row, 17, Some(20)), row);
        assert_eq!(broken(row, 17, None), row);
    }
}
