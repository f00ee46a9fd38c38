//! One parsed file.

use std::ffi::{CStr, CString, c_char, c_uint};
use std::ops::Range;
use std::ptr;

use clang_sys::{
    CXClientData, CXDiagnostic, CXDiagnosticSet, CXFile, CXIndex, CXSourceLocation, CXString,
    CXTranslationUnit, CXTranslationUnit_DetailedPreprocessingRecord,
    CXTranslationUnit_ForSerialization, CXTranslationUnit_Incomplete, CXUnsavedFile,
};

use super::outermost::Outermost;
use super::{Api, Cursor, Position};

/// A translation unit; owns clang's memory for it.
pub(crate) struct Unit {
    pub(super) api: &'static Api,
    index: CXIndex,
    pub(super) raw: CXTranslationUnit,
    pub(super) file: CXFile,
    pub(super) length: c_uint,
    pub(super) outermost: Outermost,
}

// SAFETY: libclang keeps nothing of a unit by thread, and cursors borrow the unit, which is not `Sync`.
unsafe impl Send for Unit {}

/// What a file is parsed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its tree.
    Program,
    /// Its tree, without that of the precompiled header that the options name.
    BehindHeader,
    /// To be saved as a precompiled header.
    Header,
}

/// A message of clang.
#[derive(Clone, Debug)]
pub(crate) struct RawDiagnostic {
    /// Clang's scale: 2 a warning, 3 an error, 4 fatal.
    pub(crate) severity: i32,
    /// The words.
    pub(crate) message: String,
    /// Where, if anywhere.
    pub(crate) place: Option<RawPlace>,
    /// The byte range clang underlines, if it lies in the main file.
    pub(crate) range: Option<(usize, usize)>,
    /// Further places that matter.
    pub(crate) notes: Vec<RawDiagnostic>,
}

/// A place in any file.
#[derive(Clone, Debug)]
pub(crate) struct RawPlace {
    /// Name of the file.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in bytes, from 1.
    pub(crate) column: usize,
    /// Byte offset in the main file, if it is that.
    pub(crate) main_offset: Option<usize>,
}

/// A header that was read.
#[derive(Clone, Debug)]
pub(crate) struct Inclusion {
    /// Its name as clang found it.
    pub(crate) file: String,
    /// Byte offset of the `#include` line of the main file that brought it, by way of other headers or at once.
    pub(crate) line: usize,
    /// The name, as clang found it, of the file that includes it itself.
    pub(crate) includer: String,
    /// Byte offset in that file of the name in its `#include` line; of the end of a macro that stands there.
    pub(crate) at: usize,
    /// Whether the system owns it.
    pub(crate) is_system: bool,
    /// What the preprocessor leaves out of one that the system does not own.
    pub(crate) skipped: Vec<Range<usize>>,
}

/// A file, the place in the main file that brought it, and the one in the file that includes it.
type Included = (CXFile, CXSourceLocation, CXSourceLocation);

extern "C" fn note_inclusion(
    file: CXFile,
    stack: *mut CXSourceLocation,
    depth: c_uint,
    data: CXClientData,
) {
    // SAFETY: `data` is the vector that `inclusions` lends to this traversal and to nothing else; the stack holds
    // `depth` places, the first of them in the file that includes this one, the last in the main file.
    unsafe {
        let found = &mut *data.cast::<Vec<Included>>();
        if let Some(outermost) = (depth as usize).checked_sub(1) {
            found.push((file, *stack.add(outermost), *stack));
        }
    }
}

impl Unit {
    /// Parses `text` under the name `file`, or returns `None` where libclang produces nothing at all.
    ///
    /// `text` stands in for the file's content, so nothing is read from disk but what it includes.
    pub(crate) fn parse(
        api: &'static Api,
        file: &CStr,
        text: &str,
        arguments: &[CString],
        role: Role,
    ) -> Option<Self> {
        let flags = CXTranslationUnit_DetailedPreprocessingRecord
            | match role {
                Role::Program | Role::BehindHeader => 0,
                Role::Header => CXTranslationUnit_Incomplete | CXTranslationUnit_ForSerialization,
            };
        let pointers: Vec<*const c_char> = arguments.iter().map(|each| each.as_ptr()).collect();
        let mut unsaved = CXUnsavedFile {
            Filename: file.as_ptr(),
            Contents: text.as_ptr().cast(),
            Length: text.len() as _,
        };
        let mut raw: CXTranslationUnit = ptr::null_mut();
        // SAFETY: every pointer outlives the calls, counts match their arrays, and index and unit are disposed by
        // `drop` (the index here, where no unit results).
        unsafe {
            let leaves_header_out = role == Role::BehindHeader;
            let index = (api.clang_createIndex)(leaves_header_out.into(), 0);
            (api.clang_parseTranslationUnit2)(
                index,
                file.as_ptr(),
                pointers.as_ptr(),
                pointers.len() as _,
                &raw mut unsaved,
                1,
                flags,
                &raw mut raw,
            );
            if raw.is_null() {
                (api.clang_disposeIndex)(index);
                return None;
            }
            let main = (api.clang_getFile)(raw, file.as_ptr());
            let mut unit = Self {
                api,
                index,
                raw,
                file: main,
                length: text.len() as c_uint,
                outermost: Outermost::default(),
            };
            unit.outermost = Outermost::of(&unit);
            Some(unit)
        }
    }

    /// Saves a header in precompiled form and returns whether that went well.
    pub(crate) fn save(&self, path: &CStr) -> bool {
        // SAFETY: the unit is live, and the name ends in a zero byte.
        unsafe { (self.api.clang_saveTranslationUnit)(self.raw, path.as_ptr(), 0) == 0 }
    }

    /// Returns the root of the tree.
    pub(crate) fn root(&self) -> Cursor<'_> {
        // SAFETY: the unit is live.
        Cursor::new(
            unsafe { (self.api.clang_getTranslationUnitCursor)(self.raw) },
            self,
        )
    }

    /// Returns the width of a pointer in bits; 0 where clang does not know.
    pub(crate) fn pointer_bits(&self) -> u64 {
        // SAFETY: the unit is live; the description is checked for null and disposed once.
        unsafe {
            let target = (self.api.clang_getTranslationUnitTargetInfo)(self.raw);
            if target.is_null() {
                return 0;
            }
            let bits = (self.api.clang_TargetInfo_getPointerWidth)(target);
            (self.api.clang_TargetInfo_dispose)(target);
            u64::try_from(bits).unwrap_or(0)
        }
    }

    /// Copies and frees a string of clang.
    pub(super) fn string(&self, raw: CXString) -> String {
        string(self.api, raw)
    }

    /// Resolves a location.
    pub(super) fn position(&self, location: CXSourceLocation) -> Position {
        let (mut file, mut offset) = (ptr::null_mut(), 0);
        let (mut spelled_file, mut spelled) = (ptr::null_mut(), 0);
        let nowhere = ptr::null_mut();
        // SAFETY: the location belongs to this unit; each output is null or points to a live variable.
        unsafe {
            (self.api.clang_getExpansionLocation)(
                location,
                &raw mut file,
                nowhere,
                nowhere,
                &raw mut offset,
            );
            (self.api.clang_getSpellingLocation)(
                location,
                &raw mut spelled_file,
                nowhere,
                nowhere,
                &raw mut spelled,
            );
        }
        let is_main = self.is_main(file);
        let is_spelled_in_main = self.is_main(spelled_file);
        Position {
            is_main,
            file,
            offset: offset as usize,
            is_macro: offset != spelled || is_main != is_spelled_in_main,
            has_file: !file.is_null(),
            is_spelled_in_main,
            spelled_in: spelled_file,
            spelled: spelled as usize,
        }
    }

    /// Returns the name of the file that a place is in; empty where it is in none.
    pub(crate) fn file_of(&self, at: Position) -> String {
        if at.file.is_null() {
            return String::new();
        }
        // SAFETY: the file belongs to this unit; the string is disposed by `string`.
        self.string(unsafe { (self.api.clang_getFileName)(at.file) })
    }

    /// Returns whether the characters of a place stand in a header of the system.
    ///
    /// Clang searches all that it has read for the answer.
    pub(crate) fn is_spelled_in_system(&self, at: Position) -> bool {
        !at.is_spelled_in_main && self.is_system_header(at.spelled_in)
    }

    fn is_main(&self, file: CXFile) -> bool {
        // SAFETY: both files belong to this unit; null is equal to nothing but null and excluded first.
        !file.is_null() && unsafe { (self.api.clang_File_isEqual)(file, self.file) != 0 }
    }

    /// Returns everything clang has to say about the file.
    pub(crate) fn diagnostics(&self) -> Vec<RawDiagnostic> {
        // SAFETY: the unit is live and the index is below the count; `diagnostic` disposes each once.
        unsafe {
            (0..(self.api.clang_getNumDiagnostics)(self.raw))
                .map(|index| {
                    let raw = (self.api.clang_getDiagnostic)(self.raw, index);
                    let diagnostic = self.diagnostic(raw);
                    (self.api.clang_disposeDiagnostic)(raw);
                    diagnostic
                })
                .collect()
        }
    }

    fn diagnostic(&self, raw: CXDiagnostic) -> RawDiagnostic {
        // SAFETY: the diagnostic is live; its child set belongs to it and is not disposed.
        unsafe {
            let location = (self.api.clang_getDiagnosticLocation)(raw);
            let notes: CXDiagnosticSet = (self.api.clang_getChildDiagnostics)(raw);
            let count = if notes.is_null() {
                0
            } else {
                (self.api.clang_getNumDiagnosticsInSet)(notes)
            };
            RawDiagnostic {
                severity: (self.api.clang_getDiagnosticSeverity)(raw),
                message: self.string((self.api.clang_getDiagnosticSpelling)(raw)),
                place: self.place(location),
                range: self.range(raw),
                notes: (0..count)
                    .map(|index| {
                        let note = (self.api.clang_getDiagnosticInSet)(notes, index);
                        let diagnostic = self.diagnostic(note);
                        (self.api.clang_disposeDiagnostic)(note);
                        diagnostic
                    })
                    .collect(),
            }
        }
    }

    /// Returns the headers that were read, in order.
    pub(crate) fn inclusions(&self) -> Vec<Inclusion> {
        let mut found: Vec<Included> = Vec::new();
        // SAFETY: the unit is live, and `note_inclusion` reads the pointer as what it is.
        unsafe {
            (self.api.clang_getInclusions)(self.raw, note_inclusion, (&raw mut found).cast());
        }
        found
            .into_iter()
            .map(|(file, line, at)| {
                let is_system = self.is_system_header(file);
                let includer = self.place(at).map(|place| place.file);
                Inclusion {
                    // SAFETY: the file belongs to this unit; the string is disposed by `string`.
                    file: self.string(unsafe { (self.api.clang_getFileName)(file) }),
                    line: self.position(line).offset,
                    includer: includer.unwrap_or_default(),
                    at: self.position(at).offset,
                    is_system,
                    skipped: if is_system {
                        Vec::new()
                    } else {
                        self.skipped_in(file)
                    },
                }
            })
            .collect()
    }

    /// Returns the ranges of the main file that the preprocessor leaves out, from one directive to another.
    pub(crate) fn skipped(&self) -> Vec<Range<usize>> {
        self.skipped_in(self.file)
    }

    fn skipped_in(&self, file: CXFile) -> Vec<Range<usize>> {
        // SAFETY: unit and file are live; the list is checked for null, read by its length, and disposed once.
        unsafe {
            let list = (self.api.clang_getSkippedRanges)(self.raw, file);
            let Some(all) = list.as_ref() else {
                return Vec::new();
            };
            let ranges = (0..all.count as usize).map(|index| {
                let range = *all.ranges.add(index);
                let start = self.position((self.api.clang_getRangeStart)(range));
                start.offset..self.position((self.api.clang_getRangeEnd)(range)).offset
            });
            let ranges = ranges.collect();
            (self.api.clang_disposeSourceRangeList)(list);
            ranges
        }
    }

    /// Returns whether a file, possibly null, is a header of the system.
    pub(super) fn is_system_header(&self, file: CXFile) -> bool {
        // SAFETY: the file belongs to this unit and is not null.
        !file.is_null()
            && unsafe {
                let start = (self.api.clang_getLocationForOffset)(self.raw, file, 0);
                (self.api.clang_Location_isInSystemHeader)(start) != 0
            }
    }

    pub(super) fn place(&self, location: CXSourceLocation) -> Option<RawPlace> {
        let (mut file, mut line, mut column, mut offset) = (ptr::null_mut(), 0, 0, 0);
        // SAFETY: the location belongs to this unit, and every output points to a live variable.
        let name = unsafe {
            (self.api.clang_getExpansionLocation)(
                location,
                &raw mut file,
                &raw mut line,
                &raw mut column,
                &raw mut offset,
            );
            if file.is_null() {
                return None;
            }
            self.string((self.api.clang_getFileName)(file))
        };
        Some(RawPlace {
            file: name,
            line: line as usize,
            column: column as usize,
            main_offset: self.is_main(file).then_some(offset as usize),
        })
    }

    /// Returns the first range of a diagnostic, if both its ends are in the main file.
    fn range(&self, raw: CXDiagnostic) -> Option<(usize, usize)> {
        // SAFETY: the diagnostic is live and range 0 exists.
        let (start, end) = unsafe {
            if (self.api.clang_getDiagnosticNumRanges)(raw) == 0 {
                return None;
            }
            let range = (self.api.clang_getDiagnosticRange)(raw, 0);
            (
                (self.api.clang_getRangeStart)(range),
                (self.api.clang_getRangeEnd)(range),
            )
        };
        let (start, end) = (self.position(start), self.position(end));
        (start.is_main && end.is_main && start.offset < end.offset)
            .then_some((start.offset, end.offset))
    }
}

impl Api {
    /// Returns the library's own description of its version.
    pub(crate) fn version(&self) -> String {
        // SAFETY: takes no arguments; the string is disposed by `string`.
        string(self, unsafe { (self.clang_getClangVersion)() })
    }
}

fn string(api: &Api, raw: CXString) -> String {
    // SAFETY: the string is live until it is disposed, once, after the copy.
    unsafe {
        let text = (api.clang_getCString)(raw);
        let copy = if text.is_null() {
            String::new()
        } else {
            CStr::from_ptr(text).to_string_lossy().into_owned()
        };
        (api.clang_disposeString)(raw);
        copy
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        // SAFETY: both are live, owned by this value and disposed nowhere else; the unit goes before its index.
        unsafe {
            (self.api.clang_disposeTranslationUnit)(self.raw);
            (self.api.clang_disposeIndex)(self.index);
        }
    }
}
