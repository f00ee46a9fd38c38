//! The machine as its host sees it: memory, globals, limits, and `run`.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use crate::arena::Handle;
use crate::function::{Function, Var};
use crate::module::Module;
use crate::plan::RegionPlan;
use crate::residency::{Residency, ResidencyFlaw};
use crate::span::Span;

use super::activation::{Activation, Context};
use super::doubt::{Doubts, ReducedStatements};
use super::fault::{Fault, FaultKind, Outcome};
use super::memory::{Agent, Memory, Origin};
use super::order::{Order, Orderer};
use super::race::Stretch;
use super::residency::Brackets;
use super::scope;
use super::stream::{Printed, Stream};
use super::value::{Bytes, ObjectId, Pointer, Value};

/// Stack that one level of nesting may take; without optimisation it takes up to half of this.
const LEVEL_BYTES: usize = 32 << 10;

/// How far an execution may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Statements, loop iterations counted as one each; the sum over all runs of a machine.
    pub statements: u64,
    /// Levels of calls, blocks and expressions inside one another.
    /// What `verify` accepts needs less than 400 outside calls.
    pub nesting: u32,
    /// Bytes of living objects; at most 2 GiB.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            statements: 100_000_000,
            nesting: 2_000,
            memory_bytes: 256 << 20,
        }
    }
}

/// How often guards of one kind were tested, by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuardOutcomes {
    /// The plan went on.
    pub held: u64,
    /// The statements ran as written.
    pub failed: u64,
}

/// A side of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Memory that the host touches.
    Host,
    /// Memory that kernels touch, which functions may be passed ([`crate::Memory::Device`]).
    Device,
}

/// Executes functions of one module over one memory.
#[derive(Clone, Debug)]
pub struct Machine<'m> {
    pub(super) module: &'m Module,
    pub(super) memory: Memory,
    pub(super) limits: Limits,
    pub(super) orderer: Orderer,
    pub(super) globals: BTreeMap<String, Pointer>,
    pub(super) literals: BTreeMap<Vec<u8>, Pointer>,
    pub(super) regions: &'m [RegionPlan],
    pub(super) skips_threshold: bool,
    /// `None`: no array stays on the device from one region to the next.
    pub(super) brackets: Option<Brackets<'m>>,
    pub(super) statements: u64,
    pub(super) nesting: u32,
    pub(super) launches: u64,
    /// The plans that have launched a kernel, by number.
    pub(super) launched: BTreeSet<usize>,
    /// What runs now, or ran last, of a launch.
    pub(super) stretch: Stretch,
    /// The arrays that the threads of the running block share.
    pub(super) shared: BTreeMap<Handle<Var>, Pointer>,
    /// Whether mapped trees without barriers run as launches, too.
    pub(super) watches_trees: bool,
    pub(super) printed: BTreeMap<Stream, Printed>,
    /// What open files and the standard streams are called, by the object that stands for them.
    pub(super) streams: BTreeMap<ObjectId, Stream>,
    pub(super) guards: BTreeMap<&'static str, GuardOutcomes>,
    /// The subscripts that the running inspection has noted, some with the iteration; `None`: none runs.
    pub(super) noted: Option<Vec<(i128, Option<i128>)>>,
    /// `None`: not followed.
    pub(super) doubts: Option<Doubts>,
    /// How often clocks were asked.
    pub(super) clock_calls: u64,
    /// By address of the function, which lives as long as the machine.
    addressed: BTreeMap<usize, Arc<[bool]>>,
}

impl<'m> Machine<'m> {
    /// Returns a machine with empty memory and the default limits, whose parallel loops run as written.
    pub fn new(module: &'m Module) -> Self {
        let limits = Limits::default();
        Self {
            module,
            memory: Memory::new(limits.memory_bytes),
            limits,
            orderer: Orderer::new(Order::Ascending),
            globals: BTreeMap::new(),
            literals: BTreeMap::new(),
            regions: &[],
            skips_threshold: false,
            brackets: None,
            statements: 0,
            nesting: 0,
            launches: 0,
            launched: BTreeSet::new(),
            stretch: Stretch::default(),
            shared: BTreeMap::new(),
            watches_trees: false,
            printed: BTreeMap::new(),
            streams: BTreeMap::new(),
            guards: BTreeMap::new(),
            noted: None,
            doubts: None,
            clock_calls: 0,
            addressed: BTreeMap::new(),
        }
    }

    /// Sets how far executions may go; before any object is made.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self.memory = Memory::new(limits.memory_bytes);
        self
    }

    /// Sets the order of parallel iterations.
    #[must_use]
    pub fn with_order(mut self, order: Order) -> Self {
        self.orderer = Orderer::new(order);
        self
    }

    /// Runs every nest of mapped loops as a launch, in which races are faults.
    ///
    /// A tree does not say which of its statements reduce or are indivisible; they race, too.
    #[must_use]
    pub fn with_watched_trees(mut self) -> Self {
        self.watches_trees = true;
        self
    }

    /// Runs these plans in place of the statements whose spans they replace.
    ///
    /// Where a guard fails, the statements run as they are.
    /// With `skips_threshold` a plan runs even where it would not pay.
    /// Statements are found by [`RegionPlan::replaces`], so the module's statements need spans.
    #[must_use]
    pub fn with_regions(mut self, regions: &'m [RegionPlan], skips_threshold: bool) -> Self {
        self.regions = regions;
        self.skips_threshold = skips_threshold;
        self
    }

    /// Keeps arrays on the device from region to region, with or without a mistake; after [`Machine::with_regions`], with
    /// those of the same plan.
    #[must_use]
    pub fn with_residency(mut self, residency: &'m Residency, flaw: Option<ResidencyFlaw>) -> Self {
        let replaced: Vec<Span> = self.regions.iter().map(|region| region.replaces).collect();
        self.brackets = Some(Brackets::new(residency, &replaced, flaw));
        self
    }

    /// Follows how far results may be from those of another order of these statements, where they join floating-point
    /// numbers.
    #[must_use]
    pub fn with_reductions(mut self, statements: ReducedStatements) -> Self {
        self.doubts = Some(Doubts::new(statements));
        self
    }

    /// Takes products and sums as contracted or not, whichever is farther off; after [`Machine::with_reductions`].
    #[must_use]
    pub fn with_contraction(mut self) -> Self {
        if let Some(doubts) = &mut self.doubts {
            doubts.contracts = true;
        }
        self
    }

    /// Takes functions of the C library as this library's or another's, whichever is farther off; after
    /// [`Machine::with_reductions`].
    #[must_use]
    pub fn with_other_library(mut self) -> Self {
        if let Some(doubts) = &mut self.doubts {
            doubts.has_other_library = true;
        }
        self
    }

    /// Returns how far the number in memory at an address may be from that of another order of reductions; `None` where
    /// every order gives the same bits.
    pub fn doubt(&self, pointer: Pointer) -> Option<f64> {
        self.doubts.as_ref()?.at(pointer)
    }

    /// Returns the same of the value that the last run returned.
    pub fn doubt_of_result(&self) -> Option<f64> {
        self.doubts.as_ref()?.returned
    }

    /// Returns whether another order of reductions may have taken another path, so that nothing is known of its results.
    pub fn is_uncertain(&self) -> bool {
        self.doubts
            .as_ref()
            .is_some_and(|doubts| doubts.is_uncertain)
    }

    /// Returns all that the program has printed.
    pub fn into_printed(self) -> BTreeMap<Stream, Printed> {
        self.printed
    }

    /// Makes an object that the host owns.
    ///
    /// **Errors**: [`FaultKind::MemoryLimit`].
    pub fn object(&mut self, name: &str, bytes: &Bytes) -> Result<Pointer, Fault> {
        self.object_on(Side::Host, name, bytes)
    }

    /// Makes an object that the host owns, on one side of the bus: what it has on the device kernels alone can touch.
    ///
    /// **Errors**: [`FaultKind::MemoryLimit`].
    pub fn object_on(&mut self, side: Side, name: &str, bytes: &Bytes) -> Result<Pointer, Fault> {
        let origin = match side {
            Side::Host => Origin::Program,
            Side::Device => Origin::Device,
        };
        let size_bytes = bytes.data.len() as u64;
        let pointer = self.memory.allocate(name, origin, size_bytes);
        let pointer = pointer.map_err(|fault| *fault)?;
        let stored = self
            .memory
            .store_raw(Agent::Driver, Some(pointer), bytes, 1);
        stored.map(|()| pointer).map_err(|fault| *fault)
    }

    /// Puts a pointer into memory, where a program will find it.
    ///
    /// **Errors**: there is no room for it.
    pub fn link(&mut self, at: Pointer, to: Pointer) -> Result<(), Fault> {
        let address = Bytes::set(Pointer::encode(Some(to)).to_le_bytes().to_vec());
        let stored = self.memory.store_raw(Agent::Host, Some(at), &address, 1);
        stored.map_err(|fault| *fault)
    }

    /// Returns what pointers to a function hold.
    ///
    /// **Errors**: [`FaultKind::MemoryLimit`].
    pub fn function(&mut self, name: &str) -> Result<Pointer, Fault> {
        match self.globals.get(name) {
            Some(known) => Ok(*known),
            None => self.global(name, &Bytes::default()),
        }
    }

    /// Gives a global variable its storage and initial bytes.
    ///
    /// A `static` local is named `function.variable`.
    ///
    /// **Errors**: [`FaultKind::MemoryLimit`].
    pub fn global(&mut self, name: &str, bytes: &Bytes) -> Result<Pointer, Fault> {
        let pointer = self.object(name, bytes)?;
        self.globals.insert(name.to_owned(), pointer);
        Ok(pointer)
    }

    /// Returns the bytes of the object that a pointer points into.
    ///
    /// **Errors**: [`FaultKind::InvalidPointer`] where the pointer is from another machine.
    pub fn bytes(&self, pointer: Pointer) -> Result<&Bytes, Fault> {
        self.memory.bytes(pointer).map_err(|fault| *fault)
    }

    /// Returns how many statements have run so far.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Returns how many kernels were launched so far.
    pub fn launches(&self) -> u64 {
        self.launches
    }

    /// Returns which of the plans have launched a kernel so far and went on to their end, by number.
    pub fn launched(&self) -> &BTreeSet<usize> {
        &self.launched
    }

    /// Returns how the guards of plans turned out so far, by [`Guard::kind`](crate::Guard::kind).
    pub fn guards(&self) -> &BTreeMap<&'static str, GuardOutcomes> {
        &self.guards
    }

    /// Returns what the program has printed to its standard output so far.
    pub fn output(&self) -> &[u8] {
        self.printed(&Stream::Output)
            .map_or(&[], |printed| &printed.bytes)
    }

    /// Returns what the program has printed to a stream; `None`: it has never printed there.
    pub fn printed(&self, stream: &Stream) -> Option<&Printed> {
        self.printed.get(stream)
    }

    /// Gives every variable of file scope and every `static` local its storage and the value it starts with, as far as
    /// the module knows them.
    ///
    /// **Errors**: [`FaultKind::MemoryLimit`].
    pub fn start(&mut self) -> Result<(), Fault> {
        let module = self.module;
        for global in &module.globals {
            self.global(&global.name, &Bytes::set(global.initial.clone()))?;
        }
        Ok(())
    }

    /// Calls a function and returns its result.
    ///
    /// It runs on a stack of its own that [`Limits::nesting`] levels cannot exhaust.
    ///
    /// **Errors**: every [`FaultKind`]; [`FaultKind::Arguments`] where number or types do not fit.
    pub fn run(
        &mut self,
        function: Handle<Function>,
        arguments: &[Value],
    ) -> Result<Option<Value>, Fault> {
        self.nesting = 0;
        let limit = FaultKind::NestingLimit(self.limits.nesting);
        let levels = self.limits.nesting as usize + 1;
        let result = thread::scope(|scope| {
            let stack = thread::Builder::new().stack_size(levels.saturating_mul(LEVEL_BYTES));
            match stack.spawn_scoped(scope, || self.call(function, arguments, &[])) {
                Ok(running) => running.join().unwrap_or_else(|panic| resume_unwind(panic)),
                // The system has no room for a stack that deep.
                Err(_) => Err(limit.into()),
            }
        });
        result.map_err(|fault| *fault)
    }

    /// Runs the program from its start: storage for what is static, then `main` with the name `program` and these
    /// arguments. Returns the exit code.
    ///
    /// **Errors**: every [`FaultKind`]; [`FaultKind::UnknownFunction`] where the module has no `main`.
    pub fn program(&mut self, arguments: &[String]) -> Result<i32, Fault> {
        self.start()?;
        let mut functions = self.module.functions.iter();
        let main = functions.find(|(_, function)| function.name == "main");
        let Some((main, function)) = main else {
            return Err(*Box::from(FaultKind::UnknownFunction("main".to_owned())));
        };
        let values = match function.parameters.len() {
            0 => Vec::new(),
            _ => self.arguments(arguments)?,
        };
        match self.run(main, &values)? {
            Some(Value::Integer(code)) => Ok(code as i32 & 0xff),
            // The end of `main` without `return` (C17 5.1.2.2.3).
            None => Ok(0),
            Some(Value::F32(_) | Value::F64(_) | Value::Pointer(_) | Value::Structure(_)) => {
                Err(*Box::from(FaultKind::Arguments("main".to_owned())))
            }
        }
    }

    /// Returns `argc` and `argv`.
    fn arguments(&mut self, arguments: &[String]) -> Result<Vec<Value>, Fault> {
        let words = ["program".to_owned()];
        let words = words.iter().chain(arguments);
        let mut pointers = Vec::new();
        for word in words {
            let bytes = word.bytes().chain([0]).collect();
            let pointer = self.object("an argument", &Bytes::set(bytes))?;
            pointers.push(Pointer::encode(Some(pointer)));
        }
        let count = pointers.len() as i128;
        pointers.push(Pointer::encode(None));
        let bytes = pointers.iter().flat_map(|each| each.to_le_bytes());
        let vector = self.object("argv", &Bytes::set(bytes.collect()))?;
        Ok(vec![Value::Integer(count), Value::Pointer(Some(vector))])
    }

    pub(super) fn call(
        &mut self,
        handle: Handle<Function>,
        arguments: &[Value],
        doubts: &[Option<f64>],
    ) -> Outcome<Option<Value>> {
        let Some(function) = self.module.functions.get(handle) else {
            return Err(FaultKind::UnknownFunction(format!("{handle:?}")).into());
        };
        self.enter()?;
        let context = Context {
            agent: Agent::Host,
            block: [0; 3],
            thread: [0; 3],
            handle: Some(handle),
        };
        let mut activation = Activation::new(self, function, context);
        let result = activation
            .pass(arguments, doubts)
            .and_then(|()| activation.body())
            .map_err(|fault| fault.at(function.span))?;
        self.leave();
        Ok(result)
    }

    /// Returns which variables of a function need an address.
    pub(super) fn addressed(&mut self, function: &'m Function) -> Arc<[bool]> {
        let key = std::ptr::from_ref(function).addr();
        let entry = self.addressed.entry(key);
        Arc::clone(entry.or_insert_with(|| scope::addressed(function).into()))
    }

    /// Counts one statement or iteration.
    pub(super) fn count(&mut self, at: Span) -> Outcome<()> {
        self.statements += 1;
        if self.statements > self.limits.statements {
            let fault: Box<Fault> = FaultKind::StatementLimit(self.limits.statements).into();
            return Err(fault.at(at));
        }
        Ok(())
    }

    /// Counts one level of nesting; every level that is not left by a fault is left by [`Machine::leave`].
    pub(super) fn enter(&mut self) -> Outcome<()> {
        self.nesting += 1;
        if self.nesting > self.limits.nesting {
            return Err(FaultKind::NestingLimit(self.limits.nesting).into());
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.nesting -= 1;
    }
}
