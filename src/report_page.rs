//! The report of a translation as one page of HTML, for people.
//!
//! It needs nothing beside itself: no network, no other file. Without its script everything on it can still be reached, and
//! printing it shows all. This module decides the order of what is told; what is told comes from the report, and lines of
//! files only from files that are known to be what they were.

mod cards;
mod checked;
mod highlight;
mod html;
mod kernels;
mod listing;
mod nests;
mod overview;
mod regions;
mod source;

use crate::outputs::PAGE;
use crate::report::{Report, Texts};

use html::Html;

const STYLE: &str = include_str!("report_page/page.css");
const SCRIPT: &str = include_str!("report_page/page.js");

/// Returns the page of a report.
pub(crate) fn page(report: &Report, texts: &Texts) -> String {
    let mut html = Html::default();
    head(&mut html, report);
    html.raw("<body>\n<header>\n");
    overview::put(&mut html, report, texts);
    html.raw("</header>\n<main>\n");
    overview::table(&mut html, report);
    source::put(&mut html, report, texts);
    regions::put_stays(&mut html, &report.stays);
    checked::put(&mut html, &report.check);
    options(&mut html, report);
    html.raw("</main>\n<script>\n")
        .raw(SCRIPT)
        .raw("</script>\n</body>\n</html>\n");
    html.finish()
}

/// Puts the head. The policy lets the page load nothing, whatever text of the user's is on it.
fn head(html: &mut Html, report: &Report) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw(PAGE).text(&report.tool).raw("\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<title>")
        .text(&report.input)
        .raw(" – mupac</title>\n");
    html.raw("<style>\n").raw(STYLE).raw("</style>\n</head>\n");
}

/// Puts what decided the result besides the input.
fn options(html: &mut Html, report: &Report) {
    let options = &report.options;
    html.raw("<section>\n<h2>How it was translated</h2>\n<dl class=\"facts\">\n");
    let mut fact = |name: &'static str, value: &str| {
        html.raw("<div><dt>")
            .raw(name)
            .raw("</dt><dd>")
            .text(value)
            .raw("</dd></div>\n");
    };
    fact("Optimisation", &format!("-O{}", options.optimise));
    fact("Mappings", &report.search.oracle);
    fact("GPU", &gpu(report));
    fact("Order of floating-point sums", &options.fp);
    fact("Memory", &options.memory);
    fact("Copies kept by", &options.coherence);
    match options.cpu_threshold {
        Some(least) => fact("Kernels run from", &format!("{least} iterations on")),
        None => fact("Kernels run from", "where they are predicted to pay"),
    }
    if let Some(plan) = &options.plan {
        fact("Plan", plan);
    }
    if !options.compiler.is_empty() {
        fact("Compiler options", &options.compiler.join(" "));
    }
    html.raw("</dl>\n</section>\n");
}

fn gpu(report: &Report) -> String {
    let (arch, basis) = (&report.search.arch, report.search.basis());
    format!("{arch}; estimates rest on {basis}")
}
