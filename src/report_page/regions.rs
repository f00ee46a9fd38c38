//! What became of regions: mappings, copies, the moves of the plan; and where arrays stay on the device.

use crate::explain::report::times;
use crate::report::{Buffer, MoveEntry, Region, Stay, TurnKind};

use super::html::Html;

/// Puts a region.
pub(super) fn put(html: &mut Html, number: usize, region: &Region) {
    html.raw("<div class=\"region\" id=\"region-")
        .number(number)
        .raw("\">\n");
    put_estimate(html, region);
    put_copies(html, region);
    put_moves(html, region);
    html.raw("</div>\n");
}

/// Returns the threads of a block: `256 threads`, `32 × 8 threads`.
fn shape(block: [u32; 3]) -> String {
    let dimensions = block
        .iter()
        .rposition(|extent| *extent > 1)
        .map_or(1, |last| last + 1);
    let extents: Vec<String> = block.iter().take(dimensions).map(u32::to_string).collect();
    match extents.as_slice() {
        [one] if one == "1" => "1 thread".to_owned(),
        all => format!("{} threads", all.join(" × ")),
    }
}

fn put_estimate(html: &mut Html, region: &Region) {
    let Some(estimate) = &region.estimate else {
        return;
    };
    let is_default = region.trajectory.iter().all(|each| each.estimate.is_none());
    html.raw("<p class=\"small\">");
    if is_default {
        html.raw("The default mapping");
    } else {
        html.raw("By estimate ")
            .text(&times(estimate.gain_log2))
            .raw(" the default mapping");
    }
    html.raw(", limited by ")
        .text(&estimate.bottleneck)
        .raw(".");
    if let Some(times) = &region.estimated_microseconds {
        html.raw(" At typical sizes kernels take ")
            .text(&microseconds(times.kernels));
        if let Some(inspections) = times.inspections {
            html.raw(", looking at subscripts before ")
                .text(&microseconds(inspections));
        }
        html.raw(", copies there and back ")
            .text(&microseconds(times.copies));
        html.raw(", one core of the host ")
            .text(&microseconds(times.host))
            .raw(".");
    }
    html.raw("</p>\n");
}

fn microseconds(count: f64) -> String {
    crate::worth::spelled(count * 1e-6)
}

fn put_copies(html: &mut Html, region: &Region) {
    let resident = &region.resident;
    if region.buffers.is_empty() && resident.is_empty() {
        return;
    }
    html.raw("<details class=\"more\"><summary>Copies: ");
    html.number(region.buffers.len() + resident.len());
    html.raw(if region.buffers.len() + resident.len() == 1 {
        " array"
    } else {
        " arrays"
    });
    html.raw("</summary>\n<ul>\n");
    for buffer in &region.buffers {
        html.raw("<li>")
            .code(&buffer.range)
            .raw(": ")
            .raw(ways(buffer))
            .raw(", ");
        match &buffer.bytes {
            Some(bytes) if buffer.copied_in && buffer.copied_out => {
                html.code(bytes).raw(" bytes each way")
            }
            Some(bytes) => html.code(bytes).raw(" bytes"),
            None => html.raw("as many bytes as a pass over the iterations finds"),
        };
        html.raw("</li>\n");
    }
    for range in resident {
        html.raw("<li>")
            .code(range)
            .raw(": memory of the device already</li>\n");
    }
    html.raw("</ul></details>\n");
}

fn ways(buffer: &Buffer) -> &'static str {
    match (buffer.copied_in, buffer.copied_out) {
        (true, true) => "to the device and back",
        (true, false) => "to the device",
        (false, true) => "back from the device",
        (false, false) => "not copied",
    }
}

fn put_moves(html: &mut Html, region: &Region) {
    html.raw("<details class=\"more\"><summary>Plan of ")
        .text(&region.name)
        .raw(": ");
    html.number(region.trajectory.len());
    html.raw(if region.trajectory.len() == 1 {
        " move"
    } else {
        " moves"
    });
    if let Some(by) = &region.chosen_by {
        html.raw(", ").raw(chosen(by));
    }
    html.raw("</summary>\n<ul>\n");
    for kernel in &region.kernels {
        html.raw("<li>")
            .code(&kernel.name)
            .raw(": ")
            .text(&kernel.mapping.join(", "));
        html.raw("; blocks of ")
            .text(&shape(kernel.block))
            .raw("</li>\n");
    }
    html.raw("</ul>\n<ol class=\"moves\">\n");
    for each in &region.trajectory {
        put_move(html, each);
    }
    html.raw("</ol></details>\n");
}

/// Returns how a plan was chosen in words.
fn chosen(by: &str) -> &'static str {
    match by {
        "greedy" => "chosen greedily",
        "search" => "found by a search",
        "replay" => "as the plan file says",
        _ => "the default",
    }
}

fn put_move(html: &mut Html, told: &MoveEntry) {
    html.raw("<li>")
        .code(&told.text)
        .raw("<br>")
        .sentence(&told.did)
        .raw(".<br><span class=\"small\">");
    html.raw("Legal: ").prose(&told.legal_because).raw(".");
    if let Some(estimate) = &told.estimate {
        html.raw(" By estimate ")
            .text(&times(estimate.gain_log2))
            .raw(" before, now limited by ");
        html.text(&estimate.bottleneck).raw(".");
    }
    if let Some(evidence) = &told.evidence {
        let known = format!(
            " Known from {} trajectories by estimate and {} by measurement, which took {:.2} times as long as the best of their regions.",
            evidence.estimated,
            evidence.measured,
            evidence.behind_log2.exp2()
        );
        html.text(&known);
    }
    html.raw("</span></li>\n");
}

/// Puts where arrays stay on the device between regions.
pub(super) fn put_stays(html: &mut Html, stays: &[Stay]) {
    if stays.is_empty() {
        return;
    }
    html.raw("<section>\n<h2>Where arrays stay on the device</h2>\n");
    for stay in stays {
        html.raw("<div class=\"stay\">\n<p><b>Lines ")
            .number(stay.first_line)
            .raw(" to ");
        html.number(stay.last_line)
            .raw("</b> in ")
            .code(&stay.function)
            .raw(", for regions ");
        html.text(&stay.regions.join(", ")).raw(".</p>\n<ul>\n");
        for turn in &stay.turns {
            html.raw("<li>Line ").number(turn.line).raw(": ");
            let touched = turn.elements.join(", ");
            match turn.does {
                TurnKind::Reads => html
                    .raw("the host reads ")
                    .text(&touched)
                    .raw(", so copies go home"),
                TurnKind::Changes => html
                    .raw("the host may write ")
                    .text(&touched)
                    .raw(", so copies go home and are forgotten"),
                TurnKind::Alone => {
                    html.raw("what happens is not known, so nothing stays meanwhile")
                }
            };
            html.raw("</li>\n");
        }
        html.raw("</ul>\n</div>\n");
    }
    html.raw("</section>\n");
}
