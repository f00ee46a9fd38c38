//! `mupac explain REPORT.json`: what each region is worth, how it came to its mapping, and what stays sequential.

use std::fmt::{self, Display, Formatter};

use mupac_model::signature::Level;

use crate::report::{
    Buffer, Copies, Estimate, Evidence, Loop, MoveEntry, Region, Report, Stay, TurnKind,
};
use crate::worth;

/// What is told of a report.
#[derive(Clone, Debug)]
pub struct Account {
    /// The report.
    pub told: Report,
    /// Whether every move of a plan is told, with why it may be made.
    pub is_detailed: bool,
}

impl Display for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { told, is_detailed } = self;
        let (oracle, status) = (&told.search.oracle, told.check.status.name());
        writeln!(f, "{} -> {}", told.input, told.output)?;
        writeln!(f, "mappings: {oracle}; check: {status}")?;
        let (arch, basis) = (&told.search.arch, told.search.basis());
        writeln!(f, "estimates: for {arch}; they rest on {basis}")?;
        let mut regions: Vec<&Region> = told.regions.iter().collect();
        regions.sort_by(|a, b| saved(b).total_cmp(&saved(a)));
        for region in regions {
            self::region(region, *is_detailed, f)?;
        }
        for stay in &told.stays {
            self::stay(stay, f)?;
        }
        if let Some(copies) = &told.check.copies {
            moved(copies, f)?;
        }
        if let Some(worth) = &told.worth {
            let said = worth::message(&worth.parts, false);
            writeln!(f, "\n{}", said.title)?;
            said.notes
                .iter()
                .try_for_each(|note| writeln!(f, "  {note}"))?;
        }
        let mut sequential = told.loops.iter().filter(|each| !each.reasons.is_empty());
        sequential.try_for_each(|each| kept(each, f))
    }
}

fn moved(copies: &Copies, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(
        f,
        "\nthe whole program moved {} bytes in {} copies to the device, {} bytes in {} copies back",
        copies.bytes_in, copies.copies_in, copies.bytes_out, copies.copies_out
    )?;
    if let Some((needed_in, needed_out)) = copies.needed_in.zip(copies.needed_out) {
        writeln!(
            f,
            "at least {needed_in} bytes had to go to the device, and {needed_out} bytes to come back"
        )?;
    }
    if copies.pages_in + copies.pages_out > 0 {
        writeln!(
            f,
            "{} pages of memory that both see went to the device, and {} to the host",
            copies.pages_in, copies.pages_out
        )?;
    }
    Ok(())
}

/// Returns how many microseconds less a region is predicted to take than on one core of the host.
fn saved(told: &Region) -> f64 {
    told.estimated_microseconds.as_ref().map_or(0.0, |times| {
        times.host - times.kernels - times.inspections.unwrap_or(0.0) - times.copies
    })
}

fn region(told: &Region, is_detailed: bool, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "\nregion {}", told.name)?;
    if let Some(times) = &told.estimated_microseconds {
        let looking = times.inspections.map_or_else(String::new, |time| {
            format!(", looking at subscripts before {time}")
        });
        writeln!(
            f,
            "  at typical sizes, in microseconds: one core of the host {}, kernels {}{looking}, copies there and back {}",
            times.host, times.kernels, times.copies
        )?;
    }
    for kernel in &told.kernels {
        writeln!(f, "  kernel {}: {}", kernel.name, kernel.mapping.join(", "))?;
    }
    for buffer in &told.buffers {
        self::buffer(buffer, f)?;
    }
    if is_detailed {
        for (number, each) in (1..).zip(&told.trajectory) {
            writeln!(f, "  {number}. {}", each.text)?;
            step(each, f)?;
        }
    } else if !told.trajectory.is_empty() {
        let moves: Vec<&str> = told.trajectory.iter().map(|each| &*each.text).collect();
        writeln!(f, "  moves, which -v explains: {}", moves.join("; "))?;
    }
    let Some(estimate) = &told.estimate else {
        return Ok(());
    };
    let subject = if told.trajectory.iter().all(|each| each.estimate.is_none()) {
        "this is the default mapping".to_owned()
    } else {
        format!("together {} the default mapping", times(estimate.gain_log2))
    };
    let limit = &estimate.bottleneck;
    writeln!(
        f,
        "  {subject}, limited by {limit}: estimated, not measured"
    )
}

fn buffer(told: &Buffer, f: &mut Formatter<'_>) -> fmt::Result {
    let ways = match (told.copied_in, told.copied_out) {
        (true, true) => "copied in and out",
        (true, false) => "copied in",
        (false, true) => "copied out",
        (false, false) => "not copied",
    };
    let bytes = told.bytes.as_deref().unwrap_or("as many as found");
    writeln!(f, "  data {}: {ways}, {bytes} bytes each way", told.range)
}

fn stay(told: &Stay, f: &mut Formatter<'_>) -> fmt::Result {
    let Stay {
        function,
        first_line,
        last_line,
        ..
    } = told;
    writeln!(
        f,
        "\nlines {first_line}-{last_line} in {function}: arrays stay on the device"
    )?;
    writeln!(f, "  regions: {}", told.regions.join(", "))?;
    told.turns.iter().try_for_each(|turn| {
        let (what, whose) = if turn.elements.is_empty() {
            (String::new(), "copies")
        } else {
            (format!(" {}", turn.elements.join(", ")), "their copies")
        };
        let what = match turn.does {
            TurnKind::Reads => format!("the host reads{what}, so {whose} go home"),
            TurnKind::Changes => {
                format!("the host may write{what}, so {whose} go home and are forgotten")
            }
            TurnKind::Alone => "what happens is not known, so nothing stays meanwhile".to_owned(),
        };
        writeln!(f, "  line {}: {what}", turn.line)
    })
}

fn step(told: &MoveEntry, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(f, "     did:   {}", told.did)?;
    writeln!(f, "     legal: {}", told.legal_because)?;
    if let Some(Estimate {
        gain_log2,
        bottleneck,
    }) = &told.estimate
    {
        let factor = times(*gain_log2);
        writeln!(
            f,
            "     gain:  {factor} before; now limited by {bottleneck}"
        )?;
    }
    told.evidence.iter().try_for_each(|each| evidence(each, f))
}

fn evidence(told: &Evidence, f: &mut Formatter<'_>) -> fmt::Result {
    let kind = match told.level {
        Level::Exact => "such nests",
        Level::Loops => "nests with such loops",
        Level::Shape => "nests of this shape",
    };
    let Evidence {
        estimated,
        measured,
        behind_log2,
        ..
    } = told;
    let behind = behind_log2.exp2();
    write!(
        f,
        "     known: in {kind} {estimated} trajectories by estimate and {measured} by measurement took {behind:.2} times as long as the best"
    )?;
    match told.examples.first() {
        Some(example) => writeln!(f, ", as in {example}"),
        None => writeln!(f),
    }
}

fn kept(told: &Loop, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(
        f,
        "\nline {} in {}: {}",
        told.line,
        told.function,
        told.verdict.name()
    )?;
    // Reasons of one code are alike; the first stands for them.
    let mut rest = told.reasons.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let alike = others.iter().take_while(|each| each.code == first.code);
        let count = alike.count();
        write!(f, "  {}: {}", first.code, first.message)?;
        match count {
            0 => writeln!(f)?,
            _ => writeln!(f, ", and {count} more like it")?,
        }
        if let Some(hint) = &first.hint {
            writeln!(f, "  help: {hint}")?;
        }
        rest = &others[count..];
    }
    Ok(())
}

/// Returns a factor of speed in words; the argument is its binary logarithm.
pub(crate) fn times(log2: f64) -> String {
    let factor = log2.exp2();
    if (0.995..1.005).contains(&factor) {
        "as fast as".to_owned()
    } else if factor >= 1.0 {
        format!("{factor:.2} times as fast as")
    } else {
        format!("{:.2} times as slow as", factor.recip())
    }
}
