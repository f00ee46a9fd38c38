//! The report for people and for programs: its page, also in a browser, its published schema, and SARIF.
//!
//! Ignored by name where there is no browser.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its files or its tools fail"
)]

mod browser;
mod html;
mod sarif;
mod schema;

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use tempfile::TempDir;

/// Examples that are checked, so that their reports say of it what there is to say; the others are only translated.
const CHECKED: [&str; 2] = ["saxpy", "prefix_sum"];

/// The narrowest and a common width of what people look at.
///
/// **Units**: pixels.
const WIDTHS: [usize; 3] = [320, 400, 1200];

/// What a file may hold that a page must not take for its own.
const HOSTILE: &str = "/* </script><script>alert(1)</script> <!-- &amp; \"'> \u{202e} */\r
#define SAY \"</style><img src=x onerror=alert(2)>\"\r
void f(int n, double *a, const double *b) {\r
\tfor (int i = 0; i < n && n > 0; i++) // ]]> </pre></details>\r
\t\ta[i] = b[i];\r
\tfor (int i = 1; i < n; i++)\r
\t\ta[i] = a[i - 1] / 2;\r
}\r
";

/// A file with its translation and its reports, in a folder of their own.
struct Told {
    folder: TempDir,
    report: Value,
    page: String,
}

impl Told {
    fn of(name: &str, text: &[u8], options: &[&str]) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join(name), text)?;
        let common = [
            "--report=r.json",
            "--html=r.html",
            "--sarif=r.sarif",
            "-q",
            "--",
            name,
        ];
        mupac(folder.path(), &[options, &common].concat())?;
        let report = serde_json::from_slice(&std::fs::read(folder.path().join("r.json"))?)?;
        let page = std::fs::read_to_string(folder.path().join("r.html"))?;
        Ok(Self {
            folder,
            report,
            page,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn mupac(folder: &Path, arguments: &[&str]) -> Result<(), Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mupac"));
    let output = command.args(arguments).current_dir(folder).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn main() {
    let arguments = Arguments::from_args();
    let browser = browser::find();
    let mut trials = vec![
        trial("hostile-text-stays-text", hostile_text),
        trial("a-changed-source-is-not-shown", changed_source),
        trial("bytes-that-are-no-text-are-shown-as-such", no_text),
        trial("every-file-of-a-program-is-shown", several_files),
        trial("a-report-of-an-earlier-version-has-a-page", earlier_version),
    ];
    for stem in examples() {
        let name = format!("examples::{stem}");
        let browser = browser.clone();
        trials.push(Trial::test(name, move || {
            example(&stem, browser.as_deref())
        }));
    }
    let seen = "in-a-browser::hostile-text";
    let missing = browser.is_none();
    trials.push(
        Trial::test(seen, move || hostile_in_browser(browser.as_deref()))
            .with_ignored_flag(missing),
    );
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(name: &str, test: fn() -> Result<(), Failed>) -> Trial {
    Trial::test(name, test)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the names of the examples, without their endings.
fn examples() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("examples"))
        .unwrap()
        .flatten();
    let files = entries.map(|entry| entry.path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "c"));
    let mut stems: Vec<String> = files
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    stems.sort();
    stems
}

/// Every form of the report of an example is what it should be.
fn example(stem: &str, browser: Option<&Path>) -> Result<(), Failed> {
    let name = format!("{stem}.c");
    let text = std::fs::read(root().join("examples").join(&name))?;
    let is_checked = CHECKED.contains(&stem);
    let options: &[&str] = if is_checked { &[] } else { &["--check=off"] };
    let told = Told::of(&name, &text, options)?;
    valid(&told.report)?;
    sarif::check(&told.report, &std::fs::read(told.path("r.sarif"))?)?;
    let page = html::read(&told.page)?;
    let loops = told.report["loops"].as_array().unwrap();
    assert_eq!(page.count("tr"), loops.len() + 1);
    let text = std::str::from_utf8(&text)?;
    for line in text.lines() {
        assert!(page.text.contains(line), "the page lacks `{line}`");
    }
    for kernel in kernels(&told.report) {
        let declared = format!(" {kernel}(");
        assert!(page.text.contains(&declared), "the page lacks {kernel}");
    }
    mupac(
        told.folder.path(),
        &["report", "r.json", "-o", "again.html"],
    )?;
    assert_eq!(std::fs::read_to_string(told.path("again.html"))?, told.page);
    if let Some(browser) = browser.filter(|_| is_checked) {
        in_browser(browser, &told.page)?;
    }
    Ok(())
}

/// A report is what the published schema says.
fn valid(report: &Value) -> Result<(), Failed> {
    let schema = std::fs::read(root().join("docs/report.schema.json"))?;
    Ok(schema::validate(report, &serde_json::from_slice(&schema)?)?)
}

fn kernels(report: &Value) -> Vec<&str> {
    let regions = report["regions"].as_array().unwrap().iter();
    let kernels = regions.flat_map(|region| region["kernels"].as_array().unwrap());
    kernels
        .map(|kernel| kernel["name"].as_str().unwrap())
        .collect()
}

/// A page says nothing to the console, obeys keys, and is as wide as what it is seen in.
fn in_browser(browser: &Path, page: &str) -> Result<(), Failed> {
    for width in WIDTHS {
        let seen = browser::show(browser, page, width)?;
        assert_eq!(seen.view, width, "{seen:?}");
        assert!(seen.content <= seen.view, "{seen:?}");
        assert_eq!(seen.focused, "loop-1", "{seen:?}");
        assert!(seen.is_open, "{seen:?}");
    }
    Ok(())
}

fn hostile() -> Result<Told, Failed> {
    let long = format!("{HOSTILE}// {}\r\n", "long".repeat(50_000));
    Told::of("a&b<i>\"'.c", long.as_bytes(), &["--check=off"])
}

fn hostile_text() -> Result<(), Failed> {
    let told = hostile()?;
    let page = html::read(&told.page)?;
    assert_eq!(
        (page.count("script"), page.count("style"), page.count("img")),
        (1, 1, 0)
    );
    for text in [
        "/* </script><script>alert(1)</script> <!-- &amp; \"'> \\u{202e} */",
        "\"</style><img src=x onerror=alert(2)>\"",
        "\tfor (int i = 0; i < n && n > 0; i++) // ]]> </pre></details>",
        "a&b<i>\"'.c",
        "198003 more characters",
    ] {
        assert!(page.text.contains(text), "the page lacks `{text}`");
    }
    assert!(!told.page.contains('\r') && told.page.len() < 200_000);
    Ok(())
}

fn hostile_in_browser(browser: Option<&Path>) -> Result<(), Failed> {
    let told = hostile()?;
    browser.map_or(Ok(()), |browser| in_browser(browser, &told.page))
}

/// Returns the page that is made of a report now.
fn again(told: &Told) -> Result<html::Page, Failed> {
    mupac(
        told.folder.path(),
        &["report", "r.json", "-o", "again.html", "-f"],
    )?;
    Ok(html::read(&std::fs::read_to_string(
        told.path("again.html"),
    )?)?)
}

const LOOP: &str = "void clear(int n, int *a) {\n    for (int i = 0; i < n; i++) a[i] = 0;\n}\n";

fn changed_source() -> Result<(), Failed> {
    let told = Told::of("a.c", LOOP.as_bytes(), &["--check=off"])?;
    assert!(again(&told)?.text.contains("for (int i = 0; i < n; i++)"));
    std::fs::write(told.path("a.c"), format!("int first;\n{LOOP}"))?;
    let page = again(&told)?;
    assert!(
        page.text
            .contains("a.c has changed since the report was written")
    );
    assert!(!page.text.contains("for (int i"));
    assert!(page.text.contains("__global__ void clear_l2("));
    std::fs::remove_file(told.path("a.c"))?;
    std::fs::write(told.path("a.cu"), "// mine\n")?;
    let page = again(&told)?;
    assert!(page.text.contains("a.c is not there"));
    assert!(page.text.contains("a.cu has changed since"));
    assert!(!page.text.contains("__global__"));
    assert!(page.text.contains("Line 2 in clear"));
    Ok(())
}

/// A program of two files and a header, each with a loop.
const FILES: [(&str, &str); 3] = [
    (
        "vec.h",
        "static inline void add(int n, double *a, const double *b) {\n    for (int i = 0; i < n; i++)\n        a[i] += b[i];\n}\n",
    ),
    (
        "main.c",
        "#include \"vec.h\"\nvoid scale(int n, double *a);\nstatic double x[9999], y[9999];\nint main(void) {\n    \
         for (int i = 0; i < 9999; i++)\n        y[i] = i;\n    add(9999, x, y);\n    scale(9999, x);\n    return x[7] != 7;\n}\n",
    ),
    (
        "scale.c",
        "void scale(int n, double *a) {\n    for (int i = 1; i < n; i++)\n        a[i] /= a[i - 1];\n}\n",
    ),
];

fn several_files() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text)?;
    }
    let options = ["--check=off", "--report=r.json", "--html=r.html", "-q"];
    let inputs = ["main.c", "scale.c", "-o", "p.cu"];
    mupac(folder.path(), &[&options[..], &inputs].concat())?;
    let report = std::fs::read(folder.path().join("r.json"))?;
    valid(&serde_json::from_slice(&report)?)?;
    let page = html::read(&std::fs::read_to_string(folder.path().join("r.html"))?)?;
    assert_eq!(page.count("h3"), FILES.len());
    for line in FILES.iter().flat_map(|(_, text)| text.lines()) {
        assert!(page.text.contains(line), "the page lacks `{line}`");
    }
    Ok(())
}

/// The digest of a report is that of `sha256sum`.
fn no_text() -> Result<(), Failed> {
    let mut told = Told::of("a.c", LOOP.as_bytes(), &["--check=off"])?;
    std::fs::write(told.path("a.c"), b"// \xff\xfe\0\n    for (;;) {}\n")?;
    let output = Command::new("sha256sum").arg(told.path("a.c")).output()?;
    let digest = std::str::from_utf8(&output.stdout)?.split(' ').next();
    told.report["sources"][0]["sha256"] = digest.unwrap().into();
    std::fs::write(told.path("r.json"), told.report.to_string())?;
    let page = again(&told)?;
    assert!(
        page.text.contains("// \u{fffd}\u{fffd}\\u{0}"),
        "{}",
        page.text
    );
    Ok(())
}

/// What names files without their digests gets nothing of them.
fn earlier_version() -> Result<(), Failed> {
    let mut told = Told::of("a.c", LOOP.as_bytes(), &["--check=off"])?;
    let report = told.report.as_object_mut().unwrap();
    report.remove("sources");
    report.remove("written");
    report["loops"][0]
        .as_object_mut()
        .unwrap()
        .remove("last_line");
    std::fs::write(told.path("r.json"), told.report.to_string())?;
    let page = again(&told)?;
    assert!(page.text.contains("a.c is not shown"));
    assert!(page.text.contains("Line 2 in clear"));
    assert!(!page.text.contains("for (int i") && !page.text.contains("__global__"));
    Ok(())
}
