//! Pages in a real browser: what it complains of, and how wide they are.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use mupac_tester::tools;

/// Chromium under the names that systems give it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What the frame below tells of a page; the numbers are widths in pixels, of what there is and of what is seen.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) content: usize,
    pub(crate) view: usize,
    /// What is looked at once `j` was pressed twice and `k` once.
    pub(crate) focused: String,
    /// Whether `Enter` opened it.
    pub(crate) is_open: bool,
}

/// Returns the browser of this machine, if it has one.
pub(crate) fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| tools::find(Path::new(name)))
}

/// Shows a page in a frame of some width, presses keys, and returns what was seen.
///
/// **Errors**: the browser fails, or the page writes to its console.
pub(crate) fn show(browser: &Path, page: &str, width: usize) -> Result<Seen, Failed> {
    let folder = tempfile::tempdir()?;
    let frame = folder.path().join("frame.html");
    std::fs::write(&frame, framed(page, width))?;
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--enable-logging=stderr",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .args([
            "--window-size=1400,900",
            "--virtual-time-budget=3000",
            "--dump-dom",
        ])
        .arg(format!("file://{}", frame.display()))
        .output()?;
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut complaints = complaints.lines().filter(|line| line.contains("CONSOLE"));
    if let Some(complaint) = complaints.next() {
        return Err(complaint.to_owned().into());
    }
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = dom
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    let words: Vec<&str> = told.map_or("", |(told, _)| told).split(' ').collect();
    let [content, view, focused, is_open] = words.as_slice() else {
        return Err(format!("the browser tells nothing: {dom:.400}").into());
    };
    Ok(Seen {
        content: content.parse()?,
        view: view.parse()?,
        focused: (*focused).to_owned(),
        is_open: *is_open == "true",
    })
}

/// Returns a page that holds another one in a frame, since windows are not as narrow as telephones; its title tells what is
/// seen there.
fn framed(page: &str, width: usize) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!DOCTYPE html>\n<title>nothing</title>\n\
         <iframe id=\"f\" style=\"width:{width}px;height:800px;border:0\" srcdoc=\"{page}\"></iframe>\n\
         <script>\n\
         const frame = document.getElementById('f');\n\
         frame.addEventListener('load', () => {{\n\
           const page = frame.contentDocument;\n\
           const press = (key) => page.dispatchEvent(new frame.contentWindow.KeyboardEvent('keydown', {{ key, bubbles: true }}));\n\
           ['j', 'j', 'k'].forEach(press);\n\
           const head = page.activeElement;\n\
           const loop = head.closest('details.loop');\n\
           if (loop) head.click();\n\
           page.querySelectorAll('details').forEach((each) => {{ each.open = true; }});\n\
           const root = page.documentElement;\n\
           document.title = [Math.max(root.scrollWidth, page.body.scrollWidth), root.clientWidth,\n\
             loop ? loop.querySelector('.body').id : 'nothing', loop ? loop.open : false].join(' ');\n\
         }});\n\
         </script>\n"
    )
}
