//! What stands in place of a region: its host code, and where a guard fails the original, or what does the same.

use mupac_ir::{NamedConstant, RegionPlan};

use super::{File, Piece};
use crate::hidden::{Directives, named};
use crate::host::{HostText, alone, around};
use crate::layout::{deepened, fitting, indentation, level, wrapped};
use crate::placement::{Site, site};
use crate::residency::Conduct;

impl File<'_> {
    /// Returns the host code with the indentation of the text that it replaces.
    pub(super) fn replacement(
        &self,
        region: &RegionPlan,
        conduct: Conduct<'_>,
        host: &HostText,
    ) -> Piece {
        let original = self.kept.original();
        let range = region.replaces.range();
        let site = site(original, &self.tokens, region.replaces);
        let base = indentation(original, range.start);
        let step = level(base);
        let has_fallback = !host.conditions.is_empty() || host.small.is_some();
        let relies = self.constants(region, &format!("{base}{step}"));
        let block = if has_fallback {
            self.guarded((host, &relies), conduct, site, base, step)
        } else {
            self.unguarded(host, &relies, base, step)
        };
        let needs_braces = has_fallback && !(site.is_in_block && host.before.is_empty());
        let block = if needs_braces {
            format!("{{\n{base}{step}{}\n{base}}}", deepened(&block, step))
        } else {
            block
        };
        let missing = missing(original, base, range.start, site);
        let end = if has_fallback { site.end } else { range.end };
        Piece {
            start: site.start,
            end,
            text: format!("{missing}{block}{}", self.line_behind(end)),
        }
    }

    /// Returns what tells the rest of the line behind a region which line it is, where that matters.
    fn line_behind(&self, end: usize) -> String {
        let rest = self.kept.original().get(end..).unwrap_or("");
        let rest = rest.lines().next().unwrap_or("");
        match self.kept.line_directive(end) {
            Some(line) if !rest.trim().is_empty() => format!("\n{line}\n"),
            Some(_) | None => String::new(),
        }
    }

    /// Returns the line that asks for the values which the region was translated for, where the text names them.
    fn constants(&self, region: &RegionPlan, margin: &str) -> String {
        let conditions = self.conditions(region);
        if conditions.is_empty() {
            return String::new();
        }
        let line = wrapped(
            &format!("{margin}static_assert("),
            &conditions,
            " && ",
            ", \"translated for these values; translate again\");",
            &format!("{margin}    "),
        );
        format!("{line}\n")
    }

    /// Returns what holds of the values which the region was translated for, where the text names them.
    pub(super) fn conditions(&self, region: &RegionPlan) -> Vec<String> {
        let relied_on = self.relied_on(region);
        relied_on
            .map(|constant| constant.condition.clone())
            .collect()
    }

    /// Returns the constants which the region was translated for, where the text names them.
    pub(super) fn relied_on(&self, region: &RegionPlan) -> impl Iterator<Item = &'_ NamedConstant> {
        let uses = region.replaces.start..region.replaces.end;
        self.module.constants.iter().filter(move |constant| {
            let visible = constant.visible.range();
            visible.contains(&(uses.start as usize))
                && constant.uses.iter().any(|at| uses.contains(at))
                && named(&constant.condition, self.hidden).is_empty()
        })
    }

    fn guarded(
        &self,
        (host, relies): (&HostText, &str),
        conduct: Conduct<'_>,
        site: Site,
        base: &str,
        step: &str,
    ) -> String {
        let (open, close) = around(host.small.as_ref());
        let conditions = host.conditions.join(" && ");
        let head = fitting(&format!("{base}if ({open}{conditions}{close}) {{"));
        let head = head.strip_prefix(base).unwrap_or(&head);
        let lines = indented(&host.lines, base, step);
        let fallback = if host.otherwise.is_empty() {
            let text = deepened(&self.kept.slice(site.start, site.end), step);
            let line = self.kept.line_directive(site.start);
            let line = line.map_or_else(String::new, |line| format!("{line}\n"));
            format!("{line}{base}{step}{text}\n")
        } else {
            indented(&host.otherwise, base, step)
        };
        let alone = self.alone(host, conduct);
        let apart = indented(&alone, base, step);
        let mut before = String::new();
        for line in &host.before {
            let line = fitting(&format!("{base}{line}"));
            before += line.strip_prefix(base).unwrap_or(&line);
            before.push('\n');
            before += base;
        }
        let generated = format!("{before}{head}\n{relies}{lines}{base}}} else {{\n{apart}");
        let text = match Directives::around(&generated, self.hidden) {
            Some(around) => format!("\n{}{base}{generated}{}", around.before, around.behind),
            None => generated,
        };
        format!("{text}{fallback}{base}}}")
    }

    /// Returns what the host does about copies before it runs a region's loop.
    fn alone(&self, host: &HostText, conduct: Conduct<'_>) -> Vec<String> {
        if !conduct.has_lonely_fallback() {
            return Vec::new();
        }
        let name = self.fresh.clone().take("apart");
        alone(host.small.as_ref(), &|fits| match fits {
            None => format!("mupac::Apart {name};"),
            Some(fits) => format!("mupac::Apart {name}(!{fits});"),
        })
    }

    fn unguarded(&self, host: &HostText, relies: &str, base: &str, step: &str) -> String {
        let (before, lines) = (
            indented(&host.before, base, step),
            indented(&host.lines, base, step),
        );
        let text = format!("{{\n{relies}{before}{lines}{base}}}");
        match Directives::around(&text, self.hidden) {
            Some(around) => format!("\n{}{base}{text}\n{}{base}", around.before, around.behind),
            None => text,
        }
    }
}

/// Returns what of a region's indentation does not stand before its site: a pragma before the loop stands at the margin.
pub(super) fn missing<'t>(original: &str, base: &'t str, start: usize, site: Site) -> &'t str {
    base.strip_prefix(indentation(original, site.start))
        .filter(|_| site.start != start)
        .unwrap_or("")
}

fn indented(lines: &[String], base: &str, step: &str) -> String {
    let mut out = String::new();
    for line in lines {
        out += &fitting(&format!("{base}{step}{line}\n"));
    }
    out
}
