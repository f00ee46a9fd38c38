//! The call of a launcher in the C part: before the loop, which runs where the launcher did nothing.

use mupac_ir::RegionPlan;

use super::super::replacement::missing;
use super::super::{File, Piece};
use super::Launcher;
use crate::layout::{deepened, indentation, level, wrapped};
use crate::placement::site;
use crate::residency::Conduct;

impl File<'_> {
    /// Returns the user's loop below the question whether the launcher did its work.
    pub(super) fn called(
        &self,
        region: &RegionPlan,
        conduct: Conduct<'_>,
        launcher: &Launcher,
    ) -> Piece {
        let original = self.kept.original();
        let range = region.replaces.range();
        let site = site(original, &self.tokens, region.replaces);
        let base = indentation(original, range.start);
        let step = level(base);
        let inner = format!("{base}{step}");
        let arguments: Vec<String> = launcher
            .parameters
            .iter()
            .map(|each| each.argument.clone())
            .collect();
        let call = if arguments.is_empty() {
            format!("if (!{}()) {{", launcher.name)
        } else {
            let head = format!("if (!{}(", launcher.name);
            wrapped(&head, &arguments, ", ", ")) {", &format!("{inner}{step}"))
        };
        let mut lines = vec![call];
        if conduct.has_lonely_fallback() {
            let name = self.fresh.clone().take("apart");
            lines.push(format!(
                "{inner}mupac_apart({name}, mupac_loop_is_apart());"
            ));
        }
        let at_line = self.kept.line_directive(site.start);
        lines.extend(at_line);
        let kept = deepened(&self.kept.slice(site.start, site.end), step);
        let is_directive = kept.starts_with('#');
        lines.push(format!("{}{kept}", if is_directive { "" } else { &*inner }));
        lines.extend(self.kept.line_directive(site.end));
        lines.push(format!("{base}}}"));
        let relied_on = self.conditions(region);
        if !relied_on.is_empty() {
            let relies = wrapped("mupac_relies_on(", &relied_on, " && ", ");", &inner);
            lines.insert(0, relies);
        }
        let mut text = lines.join("\n");
        if !relied_on.is_empty() {
            text = text.replacen('\n', &format!("\n{base}"), 1);
        }
        if !site.is_in_block {
            text = format!("{{ {text} }}");
        }
        let missing = missing(original, base, range.start, site);
        Piece {
            start: site.start,
            end: site.end,
            text: format!("{missing}{text}"),
        }
    }
}
