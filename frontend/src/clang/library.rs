//! Finds libclang, loads it once for the process, and holds its functions.
//!
//! The functions are taken by name from the library itself and not through `clang_sys`' own loader, which starts
//! `llvm-config` where it is installed and panics on calls the library lacks.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clang_sys::{
    CX_StorageClass, CXBinaryOperatorKind, CXClientData, CXCursor, CXCursorKind, CXCursorVisitor,
    CXDiagnostic, CXDiagnosticSet, CXDiagnosticSeverity, CXErrorCode, CXEvalResult,
    CXEvalResultKind, CXFile, CXInclusionVisitor, CXIndex, CXPrintingPolicy,
    CXPrintingPolicyProperty, CXSourceLocation, CXSourceRange, CXString, CXTargetInfo, CXToken,
    CXTokenKind, CXTranslationUnit, CXTranslationUnit_Flags, CXType, CXUnaryOperatorKind,
    CXUnsavedFile,
};
use libloading::Library;
use std::ffi::{c_char, c_double, c_int, c_longlong, c_uint, c_ulonglong};

use crate::error::FrontendError;

/// A symbol that exists since libclang 17, the first with operator kinds.
const SINCE_17: &[u8] = b"clang_getCursorBinaryOperatorKind";

/// A list of ranges, as clang-c/Index.h has it.
#[repr(C)]
pub(crate) struct CXSourceRangeList {
    pub(super) count: c_uint,
    pub(super) ranges: *mut CXSourceRange,
}

/// Declares the table of functions and the loader that fills it.
macro_rules! functions {
    ($(fn $name:ident($($parameter:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions of one loaded libclang.
        #[expect(non_snake_case, reason = "the names of the C interface")]
        pub(crate) struct Api {
            $(pub(super) $name: unsafe extern "C" fn($($parameter),*) $(-> $result)?,)*
            /// The file it was loaded from.
            path: PathBuf,
            /// Keeps the code behind the functions mapped.
            _library: Library,
        }

        /// Takes every function by name.
        fn table(library: Library, path: &Path) -> Result<Api, libloading::Error> {
            // SAFETY: the types are those of clang-c/Index.h, which are stable between versions, and the pointers
            // do not outlive the library, which the table owns.
            unsafe {
                Ok(Api {
                    $($name: *library.get(concat!(stringify!($name), "\0").as_bytes())?,)*
                    path: path.to_owned(),
                    _library: library,
                })
            }
        }
    };
}

functions! {
    fn clang_createIndex(c_int, c_int) -> CXIndex;
    fn clang_disposeIndex(CXIndex);
    fn clang_parseTranslationUnit2(CXIndex, *const c_char, *const *const c_char, c_int, *mut CXUnsavedFile, c_uint,
        CXTranslationUnit_Flags, *mut CXTranslationUnit) -> CXErrorCode;
    fn clang_saveTranslationUnit(CXTranslationUnit, *const c_char, c_uint) -> c_int;
    fn clang_disposeTranslationUnit(CXTranslationUnit);
    fn clang_getTranslationUnitCursor(CXTranslationUnit) -> CXCursor;
    fn clang_getTranslationUnitTargetInfo(CXTranslationUnit) -> CXTargetInfo;
    fn clang_TargetInfo_getPointerWidth(CXTargetInfo) -> c_int;
    fn clang_TargetInfo_dispose(CXTargetInfo);
    fn clang_visitChildren(CXCursor, CXCursorVisitor, CXClientData) -> c_uint;
    fn clang_getCursorSpelling(CXCursor) -> CXString;
    fn clang_Cursor_getMangling(CXCursor) -> CXString;
    fn clang_getCursorPrintingPolicy(CXCursor) -> CXPrintingPolicy;
    fn clang_PrintingPolicy_setProperty(CXPrintingPolicy, CXPrintingPolicyProperty, c_uint);
    fn clang_getCursorPrettyPrinted(CXCursor, CXPrintingPolicy) -> CXString;
    fn clang_PrintingPolicy_dispose(CXPrintingPolicy);
    fn clang_getCString(CXString) -> *const c_char;
    fn clang_disposeString(CXString);
    fn clang_getCursorType(CXCursor) -> CXType;
    fn clang_getCursorExtent(CXCursor) -> CXSourceRange;
    fn clang_getCursorLocation(CXCursor) -> CXSourceLocation;
    fn clang_getRangeStart(CXSourceRange) -> CXSourceLocation;
    fn clang_getRangeEnd(CXSourceRange) -> CXSourceLocation;
    fn clang_getRange(CXSourceLocation, CXSourceLocation) -> CXSourceRange;
    fn clang_equalRanges(CXSourceRange, CXSourceRange) -> c_uint;
    fn clang_getExpansionLocation(CXSourceLocation, *mut CXFile, *mut c_uint, *mut c_uint, *mut c_uint);
    fn clang_getSpellingLocation(CXSourceLocation, *mut CXFile, *mut c_uint, *mut c_uint, *mut c_uint);
    fn clang_Location_isInSystemHeader(CXSourceLocation) -> c_int;
    fn clang_getCursorReferenced(CXCursor) -> CXCursor;
    fn clang_getCursorDefinition(CXCursor) -> CXCursor;
    fn clang_getCanonicalCursor(CXCursor) -> CXCursor;
    fn clang_getCursorSemanticParent(CXCursor) -> CXCursor;
    fn clang_isCursorDefinition(CXCursor) -> c_uint;
    fn clang_isExpression(CXCursorKind) -> c_uint;
    fn clang_isDeclaration(CXCursorKind) -> c_uint;
    fn clang_Cursor_isNull(CXCursor) -> c_int;
    fn clang_equalCursors(CXCursor, CXCursor) -> c_uint;
    fn clang_hashCursor(CXCursor) -> c_uint;
    fn clang_Cursor_getStorageClass(CXCursor) -> CX_StorageClass;
    fn clang_Cursor_getVarDeclInitializer(CXCursor) -> CXCursor;
    fn clang_getCursorBinaryOperatorKind(CXCursor) -> CXBinaryOperatorKind;
    fn clang_getCursorUnaryOperatorKind(CXCursor) -> CXUnaryOperatorKind;
    fn clang_Cursor_Evaluate(CXCursor) -> CXEvalResult;
    fn clang_EvalResult_getKind(CXEvalResult) -> CXEvalResultKind;
    fn clang_EvalResult_isUnsignedInt(CXEvalResult) -> c_uint;
    fn clang_EvalResult_getAsUnsigned(CXEvalResult) -> c_ulonglong;
    fn clang_EvalResult_getAsLongLong(CXEvalResult) -> c_longlong;
    fn clang_EvalResult_getAsDouble(CXEvalResult) -> c_double;
    fn clang_EvalResult_dispose(CXEvalResult);
    fn clang_Cursor_isAnonymousRecordDecl(CXCursor) -> c_uint;
    fn clang_Cursor_isBitField(CXCursor) -> c_uint;
    fn clang_getFieldDeclBitWidth(CXCursor) -> c_int;
    fn clang_Cursor_getOffsetOfField(CXCursor) -> c_longlong;
    fn clang_Cursor_isMacroFunctionLike(CXCursor) -> c_uint;
    fn clang_getEnumConstantDeclValue(CXCursor) -> c_longlong;
    fn clang_getEnumConstantDeclUnsignedValue(CXCursor) -> c_ulonglong;
    fn clang_getEnumDeclIntegerType(CXCursor) -> CXType;
    fn clang_getFile(CXTranslationUnit, *const c_char) -> CXFile;
    fn clang_getFileName(CXFile) -> CXString;
    fn clang_File_isEqual(CXFile, CXFile) -> c_int;
    fn clang_getLocationForOffset(CXTranslationUnit, CXFile, c_uint) -> CXSourceLocation;
    fn clang_getTokenSpelling(CXTranslationUnit, CXToken) -> CXString;
    fn clang_tokenize(CXTranslationUnit, CXSourceRange, *mut *mut CXToken, *mut c_uint);
    fn clang_disposeTokens(CXTranslationUnit, *mut CXToken, c_uint);
    fn clang_getTokenKind(CXToken) -> CXTokenKind;
    fn clang_getTokenExtent(CXTranslationUnit, CXToken) -> CXSourceRange;
    fn clang_getCanonicalType(CXType) -> CXType;
    fn clang_getUnqualifiedType(CXType) -> CXType;
    fn clang_getTypeSpelling(CXType) -> CXString;
    fn clang_Type_getSizeOf(CXType) -> c_longlong;
    fn clang_Type_getAlignOf(CXType) -> c_longlong;
    fn clang_getPointeeType(CXType) -> CXType;
    fn clang_getArrayElementType(CXType) -> CXType;
    fn clang_getArraySize(CXType) -> c_longlong;
    fn clang_isConstQualifiedType(CXType) -> c_uint;
    fn clang_isVolatileQualifiedType(CXType) -> c_uint;
    fn clang_isRestrictQualifiedType(CXType) -> c_uint;
    fn clang_getTypeDeclaration(CXType) -> CXCursor;
    fn clang_getResultType(CXType) -> CXType;
    fn clang_getNumArgTypes(CXType) -> c_int;
    fn clang_getSkippedRanges(CXTranslationUnit, CXFile) -> *mut CXSourceRangeList;
    fn clang_disposeSourceRangeList(*mut CXSourceRangeList);
    fn clang_isFunctionTypeVariadic(CXType) -> c_uint;
    fn clang_getArgType(CXType, c_uint) -> CXType;
    fn clang_equalTypes(CXType, CXType) -> c_uint;
    fn clang_getNumDiagnostics(CXTranslationUnit) -> c_uint;
    fn clang_getDiagnostic(CXTranslationUnit, c_uint) -> CXDiagnostic;
    fn clang_disposeDiagnostic(CXDiagnostic);
    fn clang_getDiagnosticSeverity(CXDiagnostic) -> CXDiagnosticSeverity;
    fn clang_getDiagnosticSpelling(CXDiagnostic) -> CXString;
    fn clang_getDiagnosticLocation(CXDiagnostic) -> CXSourceLocation;
    fn clang_getDiagnosticNumRanges(CXDiagnostic) -> c_uint;
    fn clang_getDiagnosticRange(CXDiagnostic, c_uint) -> CXSourceRange;
    fn clang_getChildDiagnostics(CXDiagnostic) -> CXDiagnosticSet;
    fn clang_getNumDiagnosticsInSet(CXDiagnosticSet) -> c_uint;
    fn clang_getDiagnosticInSet(CXDiagnosticSet, c_uint) -> CXDiagnostic;
    fn clang_getInclusions(CXTranslationUnit, CXInclusionVisitor, CXClientData);
    fn clang_getIncludedFile(CXCursor) -> CXFile;
    fn clang_getClangVersion() -> CXString;
}

impl Api {
    /// Returns the file it was loaded from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Returns the libclang of this process, which the first call finds and loads.
///
/// **Errors**: `Unavailable` where none of version 17 or later is found or it does not load.
pub(crate) fn load() -> Result<&'static Api, FrontendError> {
    static LOADED: OnceLock<Result<Api, String>> = OnceLock::new();
    LOADED
        .get_or_init(find_and_open)
        .as_ref()
        .map_err(|why| FrontendError::Unavailable { why: why.clone() })
}

/// Opens the newest candidate that is libclang 17 or later.
fn find_and_open() -> Result<Api, String> {
    let mut tried = Vec::new();
    for path in candidates() {
        match open(&path) {
            Ok(api) => return Ok(api),
            Err(why) => tried.push(format!("{}: {why}", path.display())),
        }
    }
    if tried.is_empty() {
        return Err("none found".to_owned());
    }
    Err(tried.join("; "))
}

fn open(path: &Path) -> Result<Api, String> {
    // SAFETY: loading runs the library's initialisers; libclang's register its options and targets and nothing else.
    let library = unsafe { Library::new(path) }.map_err(|error| error.to_string())?;
    // SAFETY: the symbol is only looked up and never called, so its type does not matter.
    let is_new = unsafe { library.get::<unsafe extern "C" fn()>(SINCE_17) }.is_ok();
    if !is_new {
        return Err("older than version 17".to_owned());
    }
    table(library, path).map_err(|error| error.to_string())
}

/// Returns the libraries to try, best first: what `LIBCLANG_PATH` names (a file or a folder) and nothing else, or what
/// the folders of Linux distributions hold.
fn candidates() -> Vec<PathBuf> {
    if let Some(named) = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from) {
        return if named.is_dir() {
            newest_first(libraries_in(&named))
        } else {
            vec![named]
        };
    }
    newest_first(
        folders()
            .iter()
            .flat_map(|folder| libraries_in(folder))
            .collect(),
    )
}

/// Returns the folders in which distributions keep libclang.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("LD_LIBRARY_PATH")
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default();
    for parent in ["/usr/lib", "/usr/local", "/opt"] {
        let nested = entries(Path::new(parent)).into_iter().filter(|entry| {
            entry
                .file_name()
                .and_then(OsStr::to_str)
                .is_some_and(|name| name.starts_with("llvm"))
        });
        folders.extend(nested.flat_map(|llvm| [llvm.join("lib"), llvm.join("lib64")]));
    }
    let fixed = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
        "/usr/local/lib",
    ];
    folders.extend(fixed.map(PathBuf::from));
    folders
}

/// Returns the entries of a folder, sorted; none where it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|each| each.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    entries.sort();
    entries
}

fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let is_libclang = |path: &PathBuf| {
        path.file_name()
            .and_then(OsStr::to_str)
            .is_some_and(|name| {
                (name.starts_with("libclang.so") || name.starts_with("libclang-"))
                    && name.contains(".so")
                    && !name.contains("-cpp")
            })
    };
    entries(folder).into_iter().filter(is_libclang).collect()
}

/// Sorts by the version in the real file's path, newest first; files that cannot tell come last.
fn newest_first(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.sort_by_key(|path| {
        std::cmp::Reverse(version_in(
            &path.canonicalize().unwrap_or_else(|_| path.clone()),
        ))
    });
    paths
}

/// Returns the first number in the file's name, else in the folders above it: 22 for `llvm-22/lib/libclang.so`.
fn version_in(path: &Path) -> u32 {
    let number = |text: &str| {
        let digits: String = text
            .chars()
            .skip_while(|each| !each.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<u32>().ok().filter(|&number| number >= 3)
    };
    path.iter()
        .rev()
        .filter_map(OsStr::to_str)
        .find_map(number)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::version_in;
    use std::path::Path;

    #[test]
    fn the_version_comes_from_the_file_or_its_folder() {
        assert_eq!(
            version_in(Path::new("/usr/lib/llvm-22/lib/libclang.so.1")),
            22
        );
        assert_eq!(
            version_in(Path::new("/usr/lib/x86_64-linux-gnu/libclang-19.so.19")),
            19
        );
        assert_eq!(version_in(Path::new("/opt/clang/libclang.so")), 0);
    }
}
