//! The text of a launcher: the host's part of a region, which returns whether it did the work.

use std::collections::BTreeMap;

use mupac_ir::c_text::CText;
use mupac_ir::{Function, Handle, Memory, Mutant, Plan, RegionPlan, Var};

use super::super::File;
use super::super::mistakes::forms;
use super::Launcher;
use super::launcher::{self, Parameter, Taken};
use crate::host::{HostText, alone, around, place};
use crate::layout::{fitting, wrapped};
use crate::lexer::words;
use crate::residency::Conduct;
use crate::support::Piece as Use;

impl File<'_> {
    /// Keeps the kernels of a region and returns its launcher.
    ///
    /// **Errors**: why there is none.
    pub(super) fn launcher(
        &mut self,
        (index, region): (usize, &RegionPlan),
        plan: &Plan,
        mutants: &[Mutant],
        prefix: &str,
    ) -> Result<Launcher, String> {
        let conduct = Conduct::of(&plan.residency, index);
        let (mut body, mut taken) = self.body(region, conduct)?;
        for (number, form, conduct) in forms((index, region), plan, mutants) {
            let (text, others) = self.body(&form, conduct)?;
            body = format!("    if (mupac_test_mutant() == {number}) {{\n{text}    }}\n{body}");
            for (var, other) in others {
                let known = taken.entry(var);
                known
                    .and_modify(|known| known.join(&other))
                    .or_insert(other);
            }
        }
        let function = &self.module.functions[region.of];
        let line = self.module.source.line(region.replaces);
        let own = if function.is_static {
            format!("{prefix}_")
        } else {
            "mupac_".to_owned()
        };
        let name = self.fresh.take(&format!("{own}{}_l{line}", function.name));
        let parameters = self.parameters(region, &taken)?;
        let place = self.module.source.place(region.replaces);
        let text = definition((&name, function, &place), &parameters, &body);
        self.support.calls.push_str(&text);
        Ok(Launcher {
            name,
            parameters,
            text,
        })
    }

    /// Returns the parameters by which a region takes what its text names.
    fn parameters(
        &self,
        region: &RegionPlan,
        taken: &BTreeMap<Handle<Var>, Taken>,
    ) -> Result<Vec<Parameter>, String> {
        let text = CText {
            function: &region.function,
            records: &self.module.records,
            names: &|_| String::new(),
            callees: &str::to_owned,
        };
        let function = &self.module.functions[region.of];
        let has_registers = words(self.module.source.slice(function.span)).contains("register");
        let mut fresh = self.fresh.clone();
        let parameter = |(var, each): (&Handle<Var>, &Taken)| {
            let known = &region.function.vars[*var].spelling;
            let in_c = self.module.name_in_c(known);
            if has_registers && each.needs_address() {
                return Err(format!("{in_c} may be `register`, which has no address"));
            }
            let spare = fresh.take(&format!("{known}_"));
            each.parameter(text, &spare, &in_c)
        };
        taken.iter().map(parameter).collect()
    }

    /// Keeps the kernels of a region in one form, and returns what its launcher does, with what that takes from the user's
    /// function.
    fn body(
        &mut self,
        region: &RegionPlan,
        conduct: Conduct<'_>,
    ) -> Result<(String, BTreeMap<Handle<Var>, Taken>), String> {
        let (flat, host) = self.generated(region, conduct);
        let taken = launcher::taken(&flat, region, &host, self.module)?;
        let launchable = self.launchable(&flat.region);
        Ok((body_of(&host, launchable, conduct), taken))
    }

    /// Returns the condition that there is a device that takes the kernels of a region; `None`: the host cannot do without.
    fn launchable(&mut self, region: &RegionPlan) -> Option<String> {
        let (_, kernel) = region.kernels.iter().next()?;
        match region.memory {
            Memory::Explicit | Memory::Managed | Memory::System => {}
            Memory::Device => return None,
        }
        self.support.uses.insert(Use::Launchable);
        let place = place(&self.module.source, region.replaces);
        let kernel = &kernel.name;
        Some(format!(
            "mupac::is_launchable((const void *){kernel}, {place})"
        ))
    }
}

/// Returns the lines of a launcher behind those that bind names; `launchable` is the condition that there is a device.
fn body_of(host: &HostText, launchable: Option<String>, conduct: Conduct<'_>) -> String {
    let mut lines = Lines::default();
    lines.extend(1, &host.before);
    if host.conditions.is_empty() && host.small.is_none() && launchable.is_none() {
        lines.extend(1, &host.lines);
        lines.push(1, "return 1;");
        return lines.text;
    }
    let (open, close) = around(host.small.as_ref());
    let conditions = format!("{open}{}{close}", host.conditions.join(" && "));
    // Last, since asking starts the device.
    let all = [conditions].into_iter().chain(launchable);
    let all: Vec<String> = all.filter(|text| !text.is_empty()).collect();
    lines.push(1, &format!("if ({}) {{", all.join(" && ")));
    lines.extend(2, &host.lines);
    lines.push(2, "return 1;");
    let before_loop = if conduct.has_lonely_fallback() {
        alone(host.small.as_ref(), &|fits| match fits {
            None => "mupac::loop_is_apart = true;".to_owned(),
            Some(fits) => format!("mupac::loop_is_apart = !{fits};"),
        })
    } else {
        Vec::new()
    };
    if !before_loop.is_empty() {
        lines.push(1, "} else {");
        lines.extend(2, &before_loop);
    }
    lines.push(1, "}");
    lines.push(1, "return 0;");
    lines.text
}

/// Lines with their indentation.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn push(&mut self, depth: usize, lines: &str) {
        for line in lines.lines() {
            let margin = if line.is_empty() { 0 } else { depth };
            let margin = "    ".repeat(margin);
            self.text += &fitting(&format!("{margin}{line}\n"));
        }
    }

    fn extend(&mut self, depth: usize, all: &[String]) {
        for lines in all {
            self.push(depth, lines);
        }
    }
}

/// Returns the definition of a launcher.
fn definition(
    (name, function, place): (&str, &Function, &str),
    parameters: &[Parameter],
    body: &str,
) -> String {
    let mut defined: Vec<String> = parameters.iter().map(|each| each.defined.clone()).collect();
    if defined.is_empty() {
        defined.push("void".to_owned());
    }
    let head = format!("extern \"C\" int {name}(");
    let head = wrapped(&head, &defined, ", ", ") {", "        ");
    let mut lines = Lines::default();
    for binding in parameters.iter().filter_map(|each| each.binding.as_deref()) {
        lines.push(1, binding);
    }
    format!(
        "// {}, {place}: whether it did what the loop does\n{head}\n{}{body}}}\n",
        function.name, lines.text
    )
}
