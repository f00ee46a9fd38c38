//! `mupac explain REPORT.json`: how each region came to its mapping, step by step, and what stays sequential.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use mupac_model::signature::Level;
use serde::Deserialize;

use crate::diagnostics::Message;
use crate::input;
use crate::worth::{self, Worth};

/// The version of the report's form that this reads.
const VERSION: u32 = 1;

/// What is told of a report; the form is that of [`crate::report::Report`].
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    input: String,
    output: String,
    regions: Vec<Region>,
    loops: Vec<Loop>,
    #[serde(default)]
    stays: Vec<Stay>,
    search: Search,
    /// Not in reports of earlier versions.
    worth: Option<Worth>,
    check: Check,
}

#[derive(Clone, Debug, Deserialize)]
struct Stay {
    function: String,
    first_line: usize,
    last_line: usize,
    regions: Vec<String>,
    turns: Vec<Turn>,
}

#[derive(Clone, Debug, Deserialize)]
struct Turn {
    line: usize,
    does: String,
    #[serde(default)]
    elements: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Buffer {
    range: String,
    bytes: Option<String>,
    copied_in: bool,
    copied_out: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Region {
    name: String,
    kernels: Vec<Kernel>,
    buffers: Vec<Buffer>,
    trajectory: Vec<Move>,
    estimate: Option<Estimate>,
    estimated_microseconds: Option<Times>,
}

#[derive(Clone, Debug, Deserialize)]
struct Times {
    kernels: f64,
    inspections: Option<f64>,
    copies: f64,
    host: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Kernel {
    name: String,
    mapping: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Move {
    #[serde(rename = "move")]
    text: String,
    did: String,
    legal_because: String,
    #[serde(flatten)]
    estimate: Option<Estimate>,
    evidence: Option<Evidence>,
}

#[derive(Clone, Debug, Deserialize)]
struct Evidence {
    level: Level,
    estimated: u32,
    measured: u32,
    behind_log2: f64,
    examples: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Estimate {
    gain_log2: f64,
    bottleneck: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Loop {
    line: usize,
    function: String,
    verdict: String,
    reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Deserialize)]
struct Reason {
    code: String,
    message: String,
    hint: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Search {
    oracle: String,
    arch: String,
    hardware: String,
    is_calibrated: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Check {
    status: String,
    copies: Option<Moved>,
}

#[derive(Clone, Debug, Deserialize)]
struct Moved {
    copies_in: u64,
    bytes_in: u64,
    /// Not in reports of earlier versions.
    needed_in: Option<u64>,
    copies_out: u64,
    bytes_out: u64,
    needed_out: Option<u64>,
    #[serde(default)]
    pages_in: u64,
    #[serde(default)]
    pages_out: u64,
}

/// What every version of the form has.
#[derive(Clone, Debug, Deserialize)]
struct Version {
    version: u32,
}

/// Reads a report.
///
/// **Errors**: a message that names the file, and the line where it is no report of this version.
pub fn read(path: &Path) -> Result<Account, Message> {
    let bytes = input::read_bytes(path)?;
    let name = path.display().to_string();
    let malformed = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        Message::error(format!("this is no report of mupac: {error}"))
            .help("`mupac FILE.c --report REPORT.json` writes one")
            .at(&name, line, column)
    };
    let Version { version } = serde_json::from_slice(&bytes).map_err(malformed)?;
    if version == VERSION {
        return serde_json::from_slice(&bytes).map_err(malformed);
    }
    let words = format!("this report has version {version}, and mupac reads version {VERSION}");
    Err(Message::error(words)
        .help("write the report again")
        .at(&name, 0, 0))
}

impl Display for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (oracle, status) = (&self.search.oracle, &self.check.status);
        writeln!(f, "{} -> {}", self.input, self.output)?;
        writeln!(f, "mappings: {oracle}; check: {status}")?;
        let Search { arch, hardware, .. } = &self.search;
        let rest_on = if self.search.is_calibrated {
            "measurements"
        } else {
            "data sheets and the literature, not on measurements"
        };
        writeln!(
            f,
            "estimates: for {arch}; they rest on {rest_on} of an {hardware}"
        )?;
        for region in &self.regions {
            region.fmt(f)?;
        }
        for stay in &self.stays {
            stay.fmt(f)?;
        }
        if let Some(copies) = &self.check.copies {
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
        }
        if let Some(copies) = &self.check.copies
            && copies.pages_in + copies.pages_out > 0
        {
            writeln!(
                f,
                "{} pages of memory that both see went to the device, and {} to the host",
                copies.pages_in, copies.pages_out
            )?;
        }
        if let Some(worth) = &self.worth {
            let said = worth::message(worth, false);
            writeln!(f, "\n{}", said.title)?;
            said.notes
                .iter()
                .try_for_each(|note| writeln!(f, "  {note}"))?;
        }
        let mut sequential = self.loops.iter().filter(|each| !each.reasons.is_empty());
        sequential.try_for_each(|each| each.fmt(f))
    }
}

impl Display for Region {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nregion {}", self.name)?;
        for kernel in &self.kernels {
            writeln!(f, "  kernel {}: {}", kernel.name, kernel.mapping.join(", "))?;
        }
        for buffer in &self.buffers {
            buffer.fmt(f)?;
        }
        for (number, each) in (1..).zip(&self.trajectory) {
            writeln!(f, "  {number}. {}", each.text)?;
            each.fmt(f)?;
        }
        let Some(estimate) = &self.estimate else {
            return Ok(());
        };
        let subject = if self.trajectory.iter().all(|each| each.estimate.is_none()) {
            "this is the default mapping".to_owned()
        } else {
            format!("together {} the default mapping", times(estimate.gain_log2))
        };
        let limit = &estimate.bottleneck;
        writeln!(
            f,
            "  {subject}, limited by {limit}: estimated, not measured"
        )?;
        let Some(times) = &self.estimated_microseconds else {
            return Ok(());
        };
        let looking = times.inspections.map_or_else(String::new, |time| {
            format!(", looking at subscripts before {time}")
        });
        writeln!(
            f,
            "  at typical sizes, in microseconds: kernels {}{looking}, copies there and back {}, one core of the host {}",
            times.kernels, times.copies, times.host
        )
    }
}

impl Display for Buffer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ways = match (self.copied_in, self.copied_out) {
            (true, true) => "copied in and out",
            (true, false) => "copied in",
            (false, true) => "copied out",
            (false, false) => "not copied",
        };
        let bytes = self.bytes.as_deref().unwrap_or("as many as found");
        writeln!(f, "  data {}: {ways}, {bytes} bytes each way", self.range)
    }
}

impl Display for Stay {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            function,
            first_line,
            last_line,
            ..
        } = self;
        writeln!(
            f,
            "\nlines {first_line}-{last_line} in {function}: arrays stay on the device"
        )?;
        writeln!(f, "  regions: {}", self.regions.join(", "))?;
        self.turns.iter().try_for_each(|turn| {
            let (what, whose) = if turn.elements.is_empty() {
                (String::new(), "copies")
            } else {
                (format!(" {}", turn.elements.join(", ")), "their copies")
            };
            let what = match turn.does.as_str() {
                "reads" => format!("the host reads{what}, so {whose} go home"),
                "changes" => {
                    format!("the host may write{what}, so {whose} go home and are forgotten")
                }
                _ => "what happens is not known, so nothing stays meanwhile".to_owned(),
            };
            writeln!(f, "  line {}: {what}", turn.line)
        })
    }
}

impl Display for Move {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "     did:   {}", self.did)?;
        writeln!(f, "     legal: {}", self.legal_because)?;
        if let Some(Estimate {
            gain_log2,
            bottleneck,
        }) = &self.estimate
        {
            let factor = times(*gain_log2);
            writeln!(
                f,
                "     gain:  {factor} before; now limited by {bottleneck}"
            )?;
        }
        self.evidence.iter().try_for_each(|each| each.fmt(f))
    }
}

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let kind = match self.level {
            Level::Exact => "such nests",
            Level::Loops => "nests with such loops",
            Level::Shape => "nests of this shape",
        };
        let Self {
            estimated,
            measured,
            behind_log2,
            ..
        } = self;
        let behind = behind_log2.exp2();
        write!(
            f,
            "     known: in {kind} {estimated} trajectories by estimate and {measured} by measurement took {behind:.2} times as long as the best"
        )?;
        match self.examples.first() {
            Some(example) => writeln!(f, ", as in {example}"),
            None => writeln!(f),
        }
    }
}

impl Display for Loop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nline {} in {}: {}",
            self.line, self.function, self.verdict
        )?;
        // Reasons of one code are alike; the first stands for them.
        let mut rest = self.reasons.as_slice();
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
}

/// Returns a factor of speed in words; the argument is its binary logarithm.
fn times(log2: f64) -> String {
    let factor = log2.exp2();
    if (0.995..1.005).contains(&factor) {
        "as fast as".to_owned()
    } else if factor >= 1.0 {
        format!("{factor:.2} times as fast as")
    } else {
        format!("{:.2} times as slow as", factor.recip())
    }
}
