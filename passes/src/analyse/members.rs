//! Which members of structures a function names, itself or through what it calls: of all others no test needs to choose
//! anything, and whatever they lead to nobody looks at.

use std::collections::BTreeSet;

use mupac_ir::{Call, Function, Handle, Member, Module, Place, Projection, Stmt, Type};

use crate::region;

/// Returns the members that a function names, or that one names which it calls.
///
/// What text names that has no form here nobody knows: then they are all members.
pub(super) fn named(module: &Module, function: &Function) -> BTreeSet<Member> {
    let mut found = Found {
        module,
        members: BTreeSet::new(),
        done: BTreeSet::new(),
        open: Vec::new(),
        is_all_known: true,
    };
    found.see(function);
    while let Some(callee) = found.open.pop() {
        found.see(&module.functions[callee]);
    }
    if found.is_all_known {
        found.members
    } else {
        all(module)
    }
}

fn all(module: &Module) -> BTreeSet<Member> {
    let records = module.records.iter();
    let members = records.flat_map(|(handle, record)| {
        let fields = (0..).zip(&record.fields);
        fields.map(move |(field, _)| (handle, field))
    });
    members.collect()
}

struct Found<'a> {
    module: &'a Module,
    members: BTreeSet<Member>,
    /// The functions that were looked at, or will be.
    done: BTreeSet<Handle<Function>>,
    open: Vec<Handle<Function>>,
    is_all_known: bool,
}

impl Found<'_> {
    fn see(&mut self, function: &Function) {
        region::each_place(function, &function.body, &mut |place| {
            self.place(function, place);
        });
        region::each(&function.body, &mut |stmt| match stmt {
            Stmt::Call(call) => self.call(function, call),
            Stmt::Verbatim(..) => self.is_all_known = false,
            Stmt::Compute(_)
            | Stmt::Declare(..)
            | Stmt::Let(..)
            | Stmt::For(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Return(..)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Barrier => {}
        });
    }

    /// A function of another file may look at all of a structure that it is passed.
    fn call(&mut self, function: &Function, call: &Call) {
        let mut functions = self.module.functions.iter();
        if let Some((callee, _)) = functions.find(|(_, each)| each.name == call.callee) {
            if self.done.insert(callee) {
                self.open.push(callee);
            }
            return;
        }
        let mut arguments = call.arguments.iter();
        let takes_structure = arguments.any(|argument| {
            let ty = &function.exprs[*argument].ty;
            let leads_to = ty.element().unwrap_or(ty);
            matches!(leads_to, Type::Record(_))
        });
        self.is_all_known &= !takes_structure;
    }

    fn place(&mut self, function: &Function, place: &Place) {
        for (end, step) in place.path.iter().enumerate() {
            let Projection::Field(field) = step else {
                continue;
            };
            let holder = Place {
                var: place.var,
                path: place.path[..end].to_vec(),
            };
            let ty = function.place_type(&self.module.records, &holder);
            if let Some(Type::Record(record)) = ty {
                self.members.insert((record, *field));
            }
        }
    }
}
