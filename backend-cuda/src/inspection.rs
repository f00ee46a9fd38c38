//! Inspections as text: an object that takes the subscripts, and a function of the host that runs over the iterations.

use mupac_ir::c_text::CText;
use mupac_ir::inspection::{Apart, NOTE};
use mupac_ir::{Block, Buffer, Function, Handle, HostReads, Inspection, RegionPlan, Stmt, Var};

use crate::contraction::{self, Side};
use crate::names::{FreshNames, source_name};
use crate::support::{Piece, Support};

/// What an inspection is called in emitted text.
#[derive(Clone, Debug)]
pub(crate) struct InspectionNames {
    /// The object that holds the subscripts.
    object: String,
    /// The function that runs it.
    function: String,
}

impl InspectionNames {
    /// Takes names for the inspection of an array.
    pub(crate) fn new(array: &str, fresh: &mut FreshNames) -> Self {
        Self {
            object: fresh.take(&format!("{array}_used")),
            function: fresh.take(&format!("inspect_{array}")),
        }
    }

    /// Returns how the variables are spelled that hold what it finds.
    pub(crate) fn spelled(&self, inspection: &Inspection) -> [(Handle<Var>, String); 3] {
        let object = &self.object;
        [
            (inspection.first, format!("{object}.first")),
            (inspection.last, format!("{object}.last")),
            (inspection.count, format!("{object}.count()")),
        ]
    }

    /// Returns the condition that runs the inspection.
    pub(crate) fn condition(&self) -> String {
        format!("{}()", self.function)
    }

    /// Returns the condition that nothing changed by which the subscripts were found: elements in memory, and values.
    pub(crate) fn known(&self, ranges: &str, values: &str) -> String {
        format!("{}.known({ranges}, {{{values}}})", self.object)
    }

    /// Returns the declarations of object and function, which captures besides what `captured` says; the object lives on where
    /// it `is_kept`.
    pub(crate) fn lines(
        &self,
        text: CText<'_>,
        inspection: &Inspection,
        (captured, is_kept): (&str, bool),
        support: &mut Support,
    ) -> Vec<String> {
        support.uses.insert(Piece::Subscripts);
        let (class, answer) = match inspection.apart {
            Apart::Unasked => ("Subscripts", "any"),
            Apart::Each => {
                support.uses.insert(Piece::DifferentSubscripts);
                ("DifferentSubscripts", "differ")
            }
            Apart::Iterations => {
                support.uses.insert(Piece::SubscriptsApart);
                ("SubscriptsApart", "apart")
            }
        };
        let Self { object, function } = self;
        let mut body = inspection.body.clone();
        let array = (text.names)(inspection.array);
        let products = contraction::products(text.function, &inspection.body);
        let rounded;
        let mut text = text;
        if !products.is_empty() {
            support.uses.insert(Piece::Product);
            rounded = contraction::rounded(text.function, &products, Side::Host);
            text.function = &rounded;
        }
        add_to(&mut body, &format!("{object}.add"));
        let storage = if is_kept { "static thread_local " } else { "" };
        let mut lines = vec![
            format!(
                "{storage}mupac::{class} {object};  // of {array}, as the loop is about to use them"
            ),
            format!("const auto {function} = [&{captured}] {{"),
        ];
        lines.extend(text.block(&body, 1).lines().map(str::to_owned));
        lines.push(format!("    return {object}.{answer}();"));
        lines.push("};".to_owned());
        lines
    }
}

/// What an inspection depends on, where nothing else can change what it finds.
pub(crate) struct Depends {
    /// What it reads of arrays.
    pub(crate) buffers: Vec<Handle<Buffer>>,
    /// The integers that it reads.
    pub(crate) values: Vec<Handle<Var>>,
}

/// Returns what an inspection depends on of a region that shares copies; `None` where it reads more than elements of arrays
/// that the region has copies of, and integers.
pub(crate) fn depends(
    region: &RegionPlan,
    reads: Option<&HostReads>,
    inspection: Handle<Inspection>,
) -> Option<Depends> {
    let reads = reads?.inspected.get(&inspection)?;
    if !reads.places.is_empty() || reads.buffers.is_empty() {
        return None;
    }
    let arrays = (reads.buffers.iter())
        .map(|buffer| region.buffers[*buffer].array)
        .collect();
    let inspection = &region.inspections[inspection];
    let values = inspection.integers_beside(&region.function, &arrays)?;
    Some(Depends {
        buffers: reads.buffers.iter().copied().collect(),
        values,
    })
}

/// Pointers to rows of variable length, by the names under which inspections have the first element: nvcc lets no function
/// inside another capture such a pointer.
pub(crate) struct Rows(Vec<(Handle<Var>, String)>);

impl Rows {
    /// Takes names for arrays of a function.
    pub(crate) fn new(function: &Function, arrays: &[Handle<Var>], fresh: &mut FreshNames) -> Self {
        let mut name = |array| fresh.take(&format!("{}_rows", source_name(function, array)));
        Self(arrays.iter().map(|array| (*array, name(*array))).collect())
    }

    /// Returns the name of an array's first element.
    pub(crate) fn name(&self, array: Handle<Var>) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| *known == array)?;
        Some(found.1.clone())
    }

    /// Returns the captures of what an inspection uses: `, a_rows = (double *)a`.
    pub(crate) fn captured(&self, text_of: CText<'_>, inspection: &Inspection) -> String {
        let used = inspection.inputs(text_of.function);
        let rows = self.0.iter().filter(|(array, _)| used.contains(array));
        rows.fold(String::new(), |text, (array, name)| {
            text + &format!(", {name} = {}", (text_of.names)(*array))
        })
    }
}

/// Puts a method in the place of the call that notes a subscript.
fn add_to(block: &mut Block, method: &str) {
    for stmt in block {
        match stmt {
            Stmt::Call(call) if call.callee == NOTE => method.clone_into(&mut call.callee),
            Stmt::For(each) => add_to(&mut each.body, method),
            Stmt::If(branch) => {
                add_to(&mut branch.then, method);
                add_to(&mut branch.otherwise, method);
            }
            Stmt::While(each) => {
                add_to(&mut each.before_test, method);
                add_to(&mut each.body, method);
                add_to(&mut each.after_body, method);
            }
            Stmt::Call(_)
            | Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}
