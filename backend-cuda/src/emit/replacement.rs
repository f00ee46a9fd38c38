//! What stands in place of a region: its host code, and where a guard fails the original, or what does the same.

use mupac_ir::RegionPlan;

use super::{File, Piece};
use crate::hidden::Directives;
use crate::host::HostText;
use crate::layout::{deepened, indentation, level, wrapped};
use crate::placement::{Site, site};
use crate::residency::Conduct;

impl File<'_> {
    /// Returns the host code with the indentation of the text that it replaces.
    pub(super) fn replacement(
        &self,
        region: &RegionPlan,
        conduct: Conduct,
        host: &HostText,
    ) -> Piece {
        let original = self.kept.original();
        let range = region.replaces.range();
        let site = site(original, &self.tokens, region.replaces);
        let base = indentation(original, range.start);
        let step = level(base);
        let has_fallback = !host.conditions.is_empty();
        let block = if has_fallback {
            self.guarded(host, conduct, site, base, step)
        } else {
            self.unguarded(host, base, step)
        };
        let needs_braces = has_fallback && !(site.is_in_block && host.before.is_empty());
        let block = if needs_braces {
            format!("{{\n{base}{step}{}\n{base}}}", deepened(&block, step))
        } else {
            block
        };
        let missing = base
            .strip_prefix(indentation(original, site.start))
            .filter(|_| site.start != range.start)
            .unwrap_or("");
        Piece {
            start: site.start,
            end: if has_fallback { site.end } else { range.end },
            text: format!("{missing}{block}"),
        }
    }

    fn guarded(
        &self,
        host: &HostText,
        conduct: Conduct,
        site: Site,
        base: &str,
        step: &str,
    ) -> String {
        let continued = format!("{base}{step}{step}");
        let head = wrapped(
            &format!("{base}if ("),
            &host.conditions,
            " && ",
            ") {",
            &continued,
        );
        let head = head.strip_prefix(base).unwrap_or(&head);
        let lines = indented(&host.lines, base, step);
        let fallback = if host.otherwise.is_empty() {
            let text = deepened(&self.kept.slice(site.start, site.end), step);
            format!("{base}{step}{text}\n")
        } else {
            indented(&host.otherwise, base, step)
        };
        let apart = if conduct.has_lonely_fallback() {
            let name = self.fresh.clone().take("apart");
            format!("{base}{step}mupac::Apart {name};\n")
        } else {
            String::new()
        };
        let before: String = host
            .before
            .iter()
            .flat_map(|line| [line, "\n", base])
            .collect();
        let generated = format!("{before}{head}\n{lines}{base}}} else {{\n{apart}");
        let text = match Directives::around(&generated, self.hidden) {
            Some(around) => format!("\n{}{base}{generated}{}", around.before, around.behind),
            None => generated,
        };
        format!("{text}{fallback}{base}}}")
    }

    fn unguarded(&self, host: &HostText, base: &str, step: &str) -> String {
        let (before, lines) = (
            indented(&host.before, base, step),
            indented(&host.lines, base, step),
        );
        let text = format!("{{\n{before}{lines}{base}}}");
        match Directives::around(&text, self.hidden) {
            Some(around) => format!("\n{}{base}{text}\n{}{base}", around.before, around.behind),
            None => text,
        }
    }
}

fn indented(lines: &[String], base: &str, step: &str) -> String {
    let mut out = String::new();
    for line in lines {
        for piece in [base, step, line, "\n"] {
            out.push_str(piece);
        }
    }
    out
}
