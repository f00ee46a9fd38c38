//! Kernels as text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use mupac_ir::c_text::CText;
use mupac_ir::prefix::scanned;
use mupac_ir::stmt::Call;
use mupac_ir::structure::each;
use mupac_ir::{
    Block, ExprKind, Function, Handle, KernelParameter, KernelPlan, Module, RegionPlan, Source,
    Space, Span, Stmt, Type, Var,
};

use crate::contraction::{self, Side};
use crate::device_function::DeviceFunctions;
use crate::flatten::Flat;
use crate::layout::{COLUMNS, fitting, wrapped};
use crate::names::{Code, FreshNames, kernel_names, source_name};
use crate::reduction::{self, BlockEnd};

/// Returns what the host passes to a kernel: the plan's parameters, then the row lengths of flattened arrays that the
/// plan does not pass.
pub(crate) fn parameters(flat: &Flat, kernel: &KernelPlan) -> Vec<KernelParameter> {
    let mut parameters = kernel.parameters.clone();
    for parameter in &kernel.parameters {
        let KernelParameter::Buffer(buffer) = parameter else {
            continue;
        };
        let array = flat.region.buffers[*buffer].array;
        for (flattened, variables) in &flat.extents {
            let missing = variables
                .iter()
                .map(|&var| KernelParameter::Value(var))
                .filter(|_| *flattened == array);
            for value in missing {
                if !parameters.contains(&value) {
                    parameters.push(value);
                }
            }
        }
    }
    parameters
}

/// Returns the variable of each parameter, and those whose elements are passed by value.
fn variables(
    region: &RegionPlan,
    parameters: &[KernelParameter],
) -> (Vec<Handle<Var>>, BTreeSet<Handle<Var>>) {
    let mut by_value = BTreeSet::new();
    let variable = |parameter: &KernelParameter| match parameter {
        KernelParameter::Buffer(buffer) => Some(region.buffers[*buffer].array),
        KernelParameter::Constants(buffer, _) => {
            let array = region.buffers[*buffer].array;
            by_value.insert(array);
            Some(array)
        }
        KernelParameter::Value(var) => Some(*var),
        KernelParameter::First(reduction) => region.reductions[*reduction].first,
    };
    let vars = parameters.iter().filter_map(variable).collect();
    (vars, by_value)
}

/// Returns a kernel with the line that says what it runs.
///
/// Every pointer is `__restrict__`: each buffer is an allocation of its own, whatever the host's pointers were, memory
/// that guards found apart, or a snapshot of it; but where a kernel runs alone, they did not.
/// A buffer that the kernel does not write is `const`.
pub(crate) fn kernel(
    flat: &Flat,
    kernel: &KernelPlan,
    module: &Module,
    fresh: &FreshNames,
    twins: &DeviceFunctions,
) -> String {
    let region = &flat.region;
    let (records, source) = (&module.records, &module.source);
    let mut numbers = region.function.without_enumerations();
    let products = contraction::rounded_products(region, &kernel.body);
    if !products.is_empty() {
        numbers = Cow::Owned(contraction::rounded(&numbers, &products, Side::Device));
    }
    let function = &*numbers;
    let parameters = parameters(flat, kernel);
    let (vars, by_value) = variables(region, &parameters);
    let reductions = reduction::of(region, kernel);
    let mut body = reduction::starts(&reductions);
    body.extend(with_iterators(&kernel.body, &vars));
    let own = body.len();
    body.extend(reduction::named(&reductions));
    let code = Code {
        module,
        original: &module.functions[region.of],
        function,
        fetched: &region.fetched,
    };
    let names = kernel_names(code, &vars, &body, fresh);
    body.truncate(own);
    let plain = |var: Handle<Var>| {
        let known = names.get(&var).cloned();
        known.unwrap_or_else(|| source_name(function, var))
    };
    let name = |var: Handle<Var>| {
        let elements = if by_value.contains(&var) { ".of" } else { "" };
        plain(var) + elements
    };
    let callees = |name: &str| callee(kernel, twins, name);
    let text = CText {
        function,
        records,
        names: &name,
        callees: &callees,
    };
    let mut fresh = fresh.clone();
    let mut objects = Vec::new();
    let restrict = if region.is_alone(kernel) {
        ""
    } else {
        "__restrict__ "
    };
    let declarations: Vec<_> = parameters
        .iter()
        .zip(&vars)
        .map(|(parameter, var)| match parameter {
            KernelParameter::Buffer(handle) => {
                let buffer = &region.buffers[*handle];
                let is_partial = reductions.iter().any(|each| each.partials == *handle);
                let is_written = is_partial || writes(function, &kernel.body, buffer.array);
                let pointer = buffer.element.clone().pointer(!is_written);
                let mut passed = name(buffer.array);
                if function.vars[buffer.array].ty.element().is_none() {
                    let object = text.declaration(&buffer.element, &format!("&{passed}"));
                    passed = fresh.take(&format!("{passed}_p"));
                    let qualifier = if is_written { "" } else { "const " };
                    objects.push(format!("    {qualifier}{object} = *{passed};\n"));
                }
                text.declaration(&pointer, &format!("{restrict}{passed}"))
            }
            KernelParameter::Constants(handle, length) => {
                let ty = constants(&text, &region.buffers[*handle].element, *length);
                format!("const __grid_constant__ {ty} {}", plain(*var))
            }
            KernelParameter::Value(_) | KernelParameter::First(_) => {
                text.declaration(&function.vars[*var].ty, &name(*var))
            }
        })
        .collect();
    let linkage = if function.is_static { "static " } else { "" };
    let head = format!("{linkage}__global__ void {}(", kernel.name);
    let head = wrapped(&head, &declarations, ", ", ") {", "        ");
    let about = reduction::phrase(&reductions, |place| text.place(place))
        + &reduction::scanned(&kernel.body, |place| text.place(place));
    let end = if reductions.is_empty() {
        String::new()
    } else {
        BlockEnd {
            text,
            region,
            kernel,
            reductions: &reductions,
        }
        .lines()
    };
    let comment = comment(function, kernel, source, &name);
    let kept = kept_near(function, &kernel.body, &name);
    format!(
        "{}\n{head}\n{}{}}}\n",
        folded(&format!("{comment}{about}{kept}")),
        objects.concat(),
        fitting(&(text.marked_block(&body, 1, source) + &end))
    )
}

/// Returns how a kernel spells a function.
fn callee(kernel: &KernelPlan, twins: &DeviceFunctions, name: &str) -> String {
    let threads: u32 = kernel.block.iter().product();
    match scanned(name) {
        Some(operator) => {
            let (_, operator) = reduction::scan(operator);
            format!("mupac::block_scan<{threads}, {operator}>")
        }
        None => twins.spelled(name),
    }
}

/// Returns a phrase for the comment above a kernel: `; a_tile and b_tile in shared memory, c_reg in registers`.
fn kept_near(function: &Function, body: &Block, name: &dyn Fn(Handle<Var>) -> String) -> String {
    let mut shared = Vec::new();
    let mut registers = Vec::new();
    each(body, &mut |stmt| {
        if let Stmt::Declare(var, _) = stmt {
            match function.vars[*var].space {
                Space::Shared => shared.push(name(*var)),
                Space::Register => registers.push(name(*var)),
                Space::Host
                | Space::Global
                | Space::Constant(_)
                | Space::Partial(_)
                | Space::Slices(_) => {}
            }
        }
    });
    let phrase = |names: &[String], place: &str| match names {
        [] => None,
        [one] => Some(format!("{one} in {place}")),
        [others @ .., last] => Some(format!("{} and {last} in {place}", others.join(", "))),
    };
    let phrases = [
        phrase(&shared, "shared memory"),
        phrase(&registers, "registers"),
    ];
    let phrases: Vec<_> = phrases.into_iter().flatten().collect();
    if phrases.is_empty() {
        return String::new();
    }
    format!("; {}", phrases.join(", "))
}

/// Returns a comment of one line as lines that are not too long.
fn folded(comment: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in comment.split(' ') {
        if width > 0 && width + 1 + word.len() > COLUMNS {
            lines.push_str("\n//    ");
            width = 6;
        }
        if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += word.len();
    }
    lines
}

/// Returns whether a statement of a block assigns something in an array.
fn writes(function: &Function, block: &Block, array: Handle<Var>) -> bool {
    let writes = |block: &Block| writes(function, block, array);
    block.iter().any(|statement| match statement {
        Stmt::Compute(compute) => compute.target.var == array,
        Stmt::Call(call) => {
            call.target.as_ref().is_some_and(|place| place.var == array)
                || is_passed(function, call, array)
        }
        Stmt::For(each) => each.iterator == array || writes(&each.body),
        Stmt::If(branch) => writes(&branch.then) || writes(&branch.otherwise),
        Stmt::While(each) => [&each.before_test, &each.body, &each.after_body]
            .into_iter()
            .any(writes),
        Stmt::Declare(..)
        | Stmt::Let(..)
        | Stmt::Return(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Barrier
        | Stmt::Verbatim(..) => false,
    })
}

/// Returns `// scale, line 9: i on block.x * 256 + thread.x`, with the names of the kernel for those of the IR.
fn comment(
    function: &Function,
    kernel: &KernelPlan,
    source: &Source,
    name: &dyn Fn(Handle<Var>) -> String,
) -> String {
    let first = source.line(kernel.span);
    let end = kernel.span.end.saturating_sub(1).max(kernel.span.start);
    let last = source.line_column(end).0;
    let lines = match (source.is_one_file(), first == last) {
        (_, true) => source.place(kernel.span),
        (true, false) => format!("lines {first}-{last}"),
        (false, false) => format!("{}-{last}", source.place(kernel.span)),
    };
    let function_name = &function.name;
    if kernel.mapping.is_empty() {
        return format!("// {function_name}, {lines}");
    }
    let renamed = |word: &str| {
        let mut vars = function.vars.iter();
        let var = vars.find(|(_, var)| var.name == word);
        var.map_or(word.to_owned(), |(handle, _)| name(handle))
    };
    let phrases: Vec<_> = kernel
        .mapping
        .iter()
        .map(|phrase| phrase.split(' ').map(renamed).collect::<Vec<_>>().join(" "))
        .collect();
    format!("// {function_name}, {lines}: {}", phrases.join(", "))
}

/// Returns whether a call gets the address of an element of an array.
fn is_passed(function: &Function, call: &Call, array: Handle<Var>) -> bool {
    let mut named = BTreeSet::new();
    for argument in &call.arguments {
        let mut value = *argument;
        while let ExprKind::Cast(inner) = function.exprs[value].kind {
            value = inner;
        }
        if let ExprKind::Address(place) = &function.exprs[value].kind {
            named.insert(place.var);
        }
    }
    named.contains(&array)
}

/// Returns the body with a declaration before it for every iterator that no loop declares and nobody passes: the
/// function declares it outside, and each thread needs its own.
fn with_iterators(body: &Block, parameters: &[Handle<Var>]) -> Block {
    let (mut declared, mut counted) = (BTreeSet::new(), BTreeSet::new());
    collect_iterators(body, &mut declared, &mut counted);
    counted
        .into_iter()
        .filter(|var| !declared.contains(var) && !parameters.contains(var))
        .map(|var| Stmt::Declare(var, Span::default()))
        .chain(body.iter().cloned())
        .collect()
}

fn collect_iterators(
    block: &Block,
    declared: &mut BTreeSet<Handle<Var>>,
    counted: &mut BTreeSet<Handle<Var>>,
) {
    for statement in block {
        match statement {
            Stmt::Declare(var, _) | Stmt::Let(var, _) => {
                declared.insert(*var);
            }
            Stmt::For(each) => {
                let set = if each.declares_iterator {
                    &mut *declared
                } else {
                    &mut *counted
                };
                set.insert(each.iterator);
                collect_iterators(&each.body, declared, counted);
            }
            Stmt::If(branch) => {
                collect_iterators(&branch.then, declared, counted);
                collect_iterators(&branch.otherwise, declared, counted);
            }
            Stmt::While(each) => {
                collect_iterators(&each.before_test, declared, counted);
                collect_iterators(&each.body, declared, counted);
                collect_iterators(&each.after_body, declared, counted);
            }
            Stmt::Compute(_)
            | Stmt::Call(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier
            | Stmt::Verbatim(..) => {}
        }
    }
}

/// Returns the element type of a buffer as a template argument: `float`, `double[512]`.
pub(crate) fn element_name(text: &CText, element: &Type) -> String {
    text.declaration(element, "")
}

/// Returns the type of so many elements among the arguments of a kernel.
pub(crate) fn constants(text: &CText, element: &Type, length: u64) -> String {
    format!(
        "mupac::Constants<{}, {length}>",
        element_name(text, element)
    )
}
