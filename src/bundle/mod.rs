//! `mupac bundle`: puts translated files with their tests into a folder that runs on another machine, one with a GPU.
//!
//! What the folder's files hold is the tester's to say; this module translates, lays them out and writes the manifest.

mod headers;
mod libraries;
pub mod manifest;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mupac_ir::hash::text_hash;
use mupac_tester::tools::{self, Tool};
use mupac_tester::{BundleFile, TOP_FILES, Verified, bundle_files, prebuild, support_files};

use crate::cli::{Bundle, Check, Emit, Support};
use crate::diagnostics::{Message, Reporter};
use crate::input::words;
use crate::output;
use crate::progress;
use crate::reported;
use crate::request;
use crate::run::{self, Stop, TOOL_MISSING, USER_ERROR, WRITTEN};
use crate::translate::{Ending, Translation};
use crate::writer::Checked;

use manifest::{Manifest, ManifestFile};

/// Translates files and writes the bundle; returns the exit code.
///
/// A file that cannot be translated is said and left out.
pub fn bundle(options: &Bundle, compiler: &[String], reporter: Reporter) -> u8 {
    match write_bundle(options, compiler, reporter) {
        Ok(code) => code,
        Err(stop) => {
            stop.messages
                .iter()
                .for_each(|each| reporter.say(each, None));
            stop.code
        }
    }
}

fn write_bundle(options: &Bundle, compiler: &[String], reporter: Reporter) -> Result<u8, Stop> {
    let folder = folder(options)?;
    let nvcc = if options.prebuilt {
        Some(nvcc()?)
    } else {
        None
    };
    let (mut files, mut entries, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut code = WRITTEN;
    for input in &options.translate.inputs {
        match bundled(input, options, compiler, reporter) {
            Ok(Some((mut entry, own))) => {
                entry.name = free_name(&entry.name, &mut taken);
                reporter.progress(&format!("{}: files/{}", entry.source, entry.name));
                files.extend(own.into_iter().map(|file| placed(&entry.name, file)));
                entries.push(entry);
            }
            Ok(None) => {}
            Err(stop) => {
                for mut message in stop.messages {
                    // What goes wrong in a check says nothing about where.
                    if message.place.is_none() {
                        message = message.at(input.display().to_string(), 0, 0);
                    }
                    reporter.say(&message, None);
                }
                reporter.progress(&format!("{}: left out", input.display()));
                code = code.max(stop.code);
            }
        }
    }
    if entries.is_empty() {
        let message = Message::error("no file has a kernel, so there is nothing to bundle");
        reporter.say(&message, None);
        return Ok(code.max(USER_ERROR));
    }
    let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    let manifest = serde_json::to_string_pretty(&Manifest::new(entries))
        .map_err(|cause| Message::error(format!("cannot write the manifest: {cause}")))?;
    files.extend(shared(&(manifest + "\n")));
    mupac_tester::uninterrupted(|| write_all(&folder, &files))?;
    if let Some(nvcc) = nvcc {
        prebuild(&folder, &names, &nvcc).map_err(|error| Stop {
            messages: vec![Message::error(error.to_string())],
            code: TOOL_MISSING,
        })?;
    }
    reporter.progress(&format!(
        "wrote {}: {} files; on a machine with CUDA: sh {}",
        folder.display(),
        names.len(),
        folder.join("run.sh").display()
    ));
    Ok(code)
}

fn nvcc() -> Result<Tool, Stop> {
    tools::nvcc().ok_or_else(|| Stop {
        messages: vec![
            Message::error("--prebuilt needs nvcc, and there is none")
                .help("mupac doctor says where it is looked for"),
        ],
        code: TOOL_MISSING,
    })
}

/// Returns where the bundle goes: a folder that is not there yet, or empty.
fn folder(options: &Bundle) -> Result<PathBuf, Message> {
    let translate = &options.translate;
    if translate.check == Check::Off {
        return Err(Message::error(
            "a bundle holds the tests of a check, but --check=off asks for none",
        ));
    }
    if translate.emit != Emit::Cu || !reported::places(translate).is_empty() {
        return Err(Message::error(
            "a bundle is written as a folder; --emit and --report belong to a translation",
        ));
    }
    let parts = [
        ("--split", translate.split.is_some()),
        ("--support=header", translate.support == Support::Header),
    ];
    if let Some((name, _)) = parts.into_iter().find(|(_, is_asked)| *is_asked) {
        return Err(Message::error(format!(
            "a bundle holds translations that are one file, and {name} asks for two"
        )));
    }
    if translate.plan.is_some() && translate.inputs.len() > 1 {
        return Err(Message::error(
            "--plan belongs to one input, but there are several",
        ));
    }
    let Some(folder) = &translate.output else {
        return Err(Message::error("a bundle needs a folder").help("-o names it"));
    };
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !folder.exists(),
    };
    if is_free {
        Ok(folder.clone())
    } else {
        let folder = folder.display();
        Err(
            Message::error(format!("{folder} is there already and not empty"))
                .help("name a new folder, since results may lie in this one"),
        )
    }
}

/// Translates one file; `None` where none of its loops runs on the GPU, or its tests could not be recorded.
fn bundled(
    input: &Path,
    options: &Bundle,
    compiler: &[String],
    reporter: Reporter,
) -> Result<Option<(ManifestFile, Vec<BundleFile>)>, Stop> {
    let module = run::module(input, compiler, reporter)?;
    let mut request = request::of(&options.translate, compiler)?;
    if let Some(check) = &mut request.check {
        check.is_recorded = true;
    }
    let source = module.source.clone();
    let translation = progress::translate(module, &mut request, reporter)
        .map_err(|error| run::stopped(&error))?;
    output::tell_dropped(&translation, reporter);
    let Some(verified) = with_kernels(&translation)? else {
        reporter.progress(&format!(
            "{}: left out, no loop of it runs on the GPU",
            source.name
        ));
        return Ok(None);
    };
    let Some(recording) = &verified.recording else {
        reporter.progress(&format!(
            "{}: left out, one call takes too long for a recorded test",
            source.name
        ));
        return Ok(None);
    };
    let own = headers::headers(input, source.text(), compiler)?;
    let mut arguments = headers::without_folders(compiler);
    let name = stem(input);
    if !own.is_empty() {
        arguments.push(format!("-I{OWN_FOLDER}"));
    }
    let (links, libraries) = libraries::libraries(&options.translate.link)?;
    let own: Vec<BundleFile> = own.into_iter().chain(libraries).collect();
    let mut files = bundle_files(verified.unit(), recording, &arguments, &links);
    if let Some(taken) = own
        .iter()
        .find(|file| files.iter().any(|own| own.name == file.name))
    {
        return Err(Message::error(format!(
            "{}: its {} has the name of a file of the bundle",
            source.name, taken.name
        ))
        .into());
    }
    files.extend(own);
    let entry = ManifestFile {
        name,
        source: source.name,
        text: text_hash(verified.cuda()),
        functions: manifest::functions(&translation.plan),
    };
    Ok(Some((entry, files)))
}

/// Stands for a file's own folder in the options of compilers until its name is known.
const OWN_FOLDER: &str = "@";

/// Returns a text that passed its check and holds a kernel.
fn with_kernels(translation: &Translation) -> Result<Option<&Verified>, Stop> {
    match &translation.ending {
        Ending::Done(checked) => Ok(match &**checked {
            Checked::Verified(verified) if !verified.unit().kernels.is_empty() => Some(verified),
            Checked::Verified(_) | Checked::Unchecked(_) | Checked::Original(_) => None,
        }),
        Ending::StrictFailure | Ending::OriginalDiffers => Err(run::check_failed()),
    }
}

/// Returns the name of a file without folder and ending, in letters that a shell leaves alone.
fn stem(input: &Path) -> String {
    let stem = input.file_stem().unwrap_or(input.as_os_str());
    let plain: String = stem
        .to_string_lossy()
        .chars()
        .map(|letter| {
            let is_plain = letter.is_ascii_alphanumeric() || letter == '_';
            if is_plain { letter } else { '_' }
        })
        .collect();
    if plain.is_empty() {
        "input".to_owned()
    } else {
        plain
    }
}

/// Returns a name that no other file has, and takes it.
fn free_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    let name = names
        .find(|name| !taken.contains(name))
        .unwrap_or_else(|| wanted.to_owned());
    taken.insert(name.clone());
    name
}

/// Puts a file of one text into that text's folder.
fn placed(name: &str, file: BundleFile) -> BundleFile {
    let is_options = ["flags.", "link."]
        .iter()
        .any(|each| file.name.starts_with(each));
    let content = if is_options {
        let text = String::from_utf8_lossy(&file.content).into_owned();
        let own = format!("files/{name}");
        let lines = ["-I", "-L"].map(|option| format!("{option}{OWN_FOLDER}"));
        lines
            .iter()
            .fold(text, |text, line| {
                text.replace(line, &line.replace(OWN_FOLDER, &own))
            })
            .into_bytes()
    } else {
        file.content
    };
    BundleFile {
        name: format!("files/{name}/{}", file.name),
        content,
    }
}

/// Returns the files that belong to no text.
fn shared(manifest: &str) -> Vec<BundleFile> {
    let file = |name: String, text: &str| BundleFile {
        name,
        content: text.as_bytes().to_vec(),
    };
    let support = support_files().map(|(name, text)| file(format!("support/{name}"), text));
    let top = TOP_FILES
        .iter()
        .map(|(name, text)| file((*name).to_owned(), text));
    let own = [
        file(manifest::NAME.to_owned(), manifest),
        file("support/tool".to_owned(), env!("CARGO_PKG_VERSION")),
    ];
    support.chain(top).chain(own).collect()
}

/// Writes the files into a folder that appears when it is whole.
fn write_all(folder: &Path, files: &[BundleFile]) -> Result<(), Message> {
    let cannot = |cause: &std::io::Error| {
        Message::error(format!(
            "cannot write {}: {}",
            folder.display(),
            words(cause)
        ))
    };
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    let made = tempfile::Builder::new()
        .prefix(".mupac-bundle-")
        .tempdir_in(parent)
        .map_err(|cause| cannot(&cause))?;
    let whole = made.path().join("bundle");
    for file in files {
        let path = whole.join(&file.name);
        let parent = path.parent().unwrap_or(&whole);
        fs::create_dir_all(parent).map_err(|cause| cannot(&cause))?;
        fs::write(&path, &file.content).map_err(|cause| cannot(&cause))?;
    }
    // An empty folder of this name gives way.
    fs::rename(&whole, folder).map_err(|cause| cannot(&cause))
}
