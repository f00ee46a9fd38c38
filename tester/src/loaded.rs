//! The inputs of a test in the interpreter's memory, as they lie in a program's: what shares memory is one object, and
//! pointers lead to the same rows.

use std::collections::BTreeMap;

use mupac_ir::Scalar;
use mupac_ir::interpret::{Bytes, Machine, Pointer};

use crate::compare;
use crate::layout::Layout;
use crate::results::{Holder, Place, Results, Values};

/// Something that holds values.
pub(crate) struct Held<'a> {
    pub(crate) of: Holder,
    pub(crate) layout: Layout,
    /// The name of a global.
    pub(crate) global: Option<&'a str>,
}

/// A machine whose memory holds the inputs of a test.
pub(crate) struct Loaded<'m> {
    pub(crate) machine: Machine<'m>,
    /// By whether they hold anything, since those that do not start where others may, and their first address.
    stretches: BTreeMap<(bool, u64), Stretch>,
    /// Of each row of each thing that holds values.
    places: BTreeMap<(Holder, u32), Place>,
    layouts: Vec<(Holder, Layout)>,
}

/// How large a pointer is.
const POINTER_BYTES: u64 = 8;

/// Memory without a gap.
struct Stretch {
    start: u64,
    end: u64,
    /// Its object in the machine.
    object: Pointer,
}

impl Stretch {
    /// Returns the pointer to an address, which need not lie in it.
    fn pointer(&self, address: u64) -> Pointer {
        Pointer {
            offset: address.wrapping_sub(self.start) as i64,
            ..self.object
        }
    }
}

impl<'m> Loaded<'m> {
    /// Makes the memory that `inputs` tell of; `None` where something in it is of no known layout, or lies where a machine
    /// can have no memory.
    pub(crate) fn new(
        mut machine: Machine<'m>,
        held: Vec<Held<'_>>,
        inputs: &Results,
    ) -> Option<Self> {
        let mut places = inputs.places.clone();
        // Those without bytes share nothing with what starts where they do, and come first.
        places.sort_by_key(|place| (place.bytes > 0, place.start));
        let mut stretches = BTreeMap::new();
        for stretch in stretched(&places) {
            let stretch = made(&mut machine, stretch, &held, inputs)?;
            stretches.insert((stretch.start < stretch.end, stretch.start), stretch);
        }
        let places = places.into_iter();
        let mut loaded = Self {
            machine,
            stretches,
            places: places.map(|place| ((place.of, place.row), place)).collect(),
            layouts: held
                .into_iter()
                .map(|held| (held.of, held.layout))
                .collect(),
        };
        loaded.link(inputs)?;
        Some(loaded)
    }

    /// Puts the pointers into memory that lead to rows.
    fn link(&mut self, inputs: &Results) -> Option<()> {
        for link in &inputs.links {
            let Some(at) = link.at else { continue };
            let to = self.lead((link.of, link.row), link.to)?;
            // What a pointer in memory leads to is told by its object and a distance from its start.
            if to.offset < 0 {
                return None;
            }
            let at = self.stretch(at, POINTER_BYTES)?.pointer(at);
            self.machine.link(at, to).ok()?;
        }
        Some(())
    }

    /// Returns the pointer that is passed for a buffer.
    pub(crate) fn argument(&self, inputs: &Results, of: Holder) -> Option<Pointer> {
        let mut links = inputs.links.iter();
        let link = links.find(|link| link.of == of && link.at.is_none())?;
        self.lead((of, link.row), link.to)
    }

    /// Returns the bytes of a structure that is passed, with the pointers in it.
    pub(crate) fn object(&self, of: Holder) -> Option<Bytes> {
        let place = self.places.get(&(of, 0))?;
        let pointer = self.stretch(place.start, place.bytes)?.pointer(place.start);
        let all = self.machine.bytes(pointer).ok()?;
        let start = usize::try_from(pointer.offset).ok()?;
        let range = start..start + usize::try_from(place.bytes).ok()?;
        Some(Bytes {
            data: all.data.get(range.clone())?.to_vec(),
            is_set: all.is_set.get(range)?.to_vec(),
        })
    }

    /// Returns the pointer to an address that means a row of a buffer, whether or not it lies there.
    fn lead(&self, row: (Holder, u32), address: u64) -> Option<Pointer> {
        let place = self.places.get(&row)?;
        let stretch = self.stretch(place.start, place.bytes)?;
        Some(stretch.pointer(address))
    }

    /// Returns the stretch that holds a range of addresses.
    fn stretch(&self, start: u64, bytes: u64) -> Option<&Stretch> {
        let alike = (bytes > 0, 0)..=(bytes > 0, start);
        let (_, stretch) = self.stretches.range(alike).next_back()?;
        (start.saturating_add(bytes) <= stretch.end).then_some(stretch)
    }

    /// Returns something of every value of each column, by the pointer to it.
    pub(crate) fn columns<T>(
        &self,
        of_value: &dyn Fn(&Machine<'_>, Pointer, Scalar) -> T,
    ) -> Vec<(Holder, u32, Vec<T>)> {
        let mut columns = Vec::new();
        for (holder, layout) in &self.layouts {
            let places = || self.places.range((*holder, 0)..=(*holder, u32::MAX));
            for (leaf, (offset, scalar)) in (0..).zip(&layout.leaves) {
                let mut values = Vec::new();
                for place in places().map(|(_, place)| place) {
                    let Some(stretch) = self.stretch(place.start, place.bytes) else {
                        continue;
                    };
                    for record in 0..place.bytes / layout.record_bytes.max(1) {
                        let address = place.start + record * layout.record_bytes + offset;
                        values.push(of_value(&self.machine, stretch.pointer(address), *scalar));
                    }
                }
                columns.push((*holder, leaf, values));
            }
        }
        columns
    }

    /// Returns whether memory holds what a call left behind; what it returned is not looked at.
    pub(crate) fn holds(&self, expected: &Results) -> bool {
        let bytes = self.columns(&|machine, pointer, scalar| {
            let object = machine.bytes(pointer).ok();
            let start = usize::try_from(pointer.offset).ok();
            let range = start.map(|start| start..start + scalar.size_bytes() as usize);
            let value = object
                .zip(range)
                .and_then(|(object, range)| object.data.get(range));
            value.map(<[u8]>::to_vec).unwrap_or_default()
        });
        let held = |wanted: &Values| {
            let mut columns = bytes.iter();
            let same = columns.find(|(of, leaf, _)| (*of, *leaf) == (wanted.of, wanted.leaf));
            Values {
                bytes: same.map_or(Vec::new(), |(.., values)| values.concat()),
                ..wanted.clone()
            }
        };
        let of_memory = expected
            .values
            .iter()
            .filter(|each| each.of != Holder::Result);
        let of_memory: Vec<Values> = of_memory.cloned().collect();
        let all = |values| Results {
            values,
            ..Results::default()
        };
        let held = all(of_memory.iter().map(held).collect());
        compare::difference(&all(of_memory), &held, None, &|_| String::new()).is_none()
    }
}

/// Returns the places, which come in order, in groups of those that share memory, one way or another.
fn stretched(places: &[Place]) -> Vec<&[Place]> {
    let (mut end, mut starts) = (0, Vec::new());
    for (index, place) in places.iter().enumerate() {
        if place.bytes == 0 || place.start >= end {
            starts.push(index);
        }
        if place.bytes > 0 {
            end = end.max(place.start.saturating_add(place.bytes));
        }
    }
    starts.push(places.len());
    let groups = starts.windows(2).filter_map(|pair| match pair {
        [from, to] => places.get(*from..*to),
        _ => None,
    });
    groups.collect()
}

/// Makes the object of places that share memory.
fn made(
    machine: &mut Machine<'_>,
    places: &[Place],
    held: &[Held<'_>],
    inputs: &Results,
) -> Option<Stretch> {
    let start = places.first()?.start;
    let ends = places
        .iter()
        .map(|place| place.start.saturating_add(place.bytes));
    let end = ends.max()?;
    let length = usize::try_from(end - start).ok()?;
    let mut bytes = Bytes {
        data: vec![0; length],
        is_set: vec![false; length],
    };
    let mut global = None;
    for place in places {
        let held = held.iter().find(|held| held.of == place.of)?;
        fill(
            &mut bytes,
            (place.start - start) as usize,
            place,
            &held.layout,
            inputs,
        );
        global = global.or(held.global.map(|name| (name, place)));
    }
    let object = match global {
        // A global is an object of its own, whatever lies in it.
        Some((_, place)) if (place.start, place.start + place.bytes) != (start, end) => {
            return None;
        }
        Some((name, _)) => machine.global(name, &bytes),
        None => machine.object("memory of a test", &bytes),
    };
    Some(Stretch {
        start,
        end,
        object: object.ok()?,
    })
}

/// Fills a place, which starts at a distance into the bytes.
fn fill(bytes: &mut Bytes, from: usize, place: &Place, layout: &Layout, inputs: &Results) {
    let length = place.bytes as usize;
    if let Some(is_set) = bytes.is_set.get_mut(from..from + length) {
        is_set.fill(true);
    }
    let Some(data) = bytes.data.get_mut(from..from + length) else {
        return;
    };
    let record_bytes = layout.record_bytes.max(1) as usize;
    let records = length / record_bytes;
    for column in inputs.values.iter().filter(|each| each.of == place.of) {
        let Some(&(offset, scalar)) = layout.leaves.get(column.leaf as usize) else {
            continue;
        };
        let values = column.bytes.chunks_exact(scalar.size_bytes() as usize);
        let values = values.skip(records * place.row as usize).take(records);
        for (value, record) in values.zip(data.chunks_exact_mut(record_bytes)) {
            let offset = offset as usize;
            if let Some(at) = record.get_mut(offset..offset + value.len()) {
                at.copy_from_slice(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Link;
    use mupac_ir::Module;

    const ROWS: Holder = Holder::Buffer(2);

    fn place(of: Holder, row: u32, start: u64, bytes: u64) -> Place {
        Place {
            of,
            row,
            start,
            bytes,
        }
    }

    fn passed(number: usize, to: u64) -> Link {
        Link {
            of: Holder::Buffer(number),
            row: 0,
            at: None,
            to,
        }
    }

    fn values(of: Holder, bytes: &[u8]) -> Values {
        Values {
            of,
            leaf: 0,
            scalar: Scalar::U8,
            first: 0,
            bytes: bytes.to_vec(),
        }
    }

    fn held(of: Holder, record_bytes: u64, leaves: Vec<(u64, Scalar)>) -> Held<'static> {
        let layout = Layout {
            records: "1".to_owned(),
            record_bytes,
            leaves,
            pointers: Vec::new(),
        };
        Held {
            of,
            layout,
            global: None,
        }
    }

    /// Bytes at 100 to 104, the same at 102 to 106, and two pointers at 200 to one row of two at 300.
    fn inputs() -> Results {
        let [a, b, pointers] = [0, 1, 3].map(Holder::Buffer);
        let row = |at| Link {
            of: ROWS,
            row: 0,
            at: Some(at),
            to: 300,
        };
        Results {
            values: vec![
                values(a, &[1, 2, 3, 4]),
                values(b, &[3, 4, 5, 6]),
                values(ROWS, &[7, 8]),
            ],
            places: vec![
                place(a, 0, 100, 4),
                place(b, 0, 102, 4),
                place(ROWS, 0, 300, 1),
                place(ROWS, 1, 301, 1),
                place(pointers, 0, 200, 16),
            ],
            links: vec![
                passed(0, 100),
                passed(1, 101),
                passed(3, 200),
                row(200),
                row(208),
            ],
            ..Results::default()
        }
    }

    fn loaded<'m>(module: &'m Module, inputs: &Results) -> Loaded<'m> {
        let byte = || vec![(0, Scalar::U8)];
        let held = vec![
            held(Holder::Buffer(0), 1, byte()),
            held(Holder::Buffer(1), 1, byte()),
            held(ROWS, 1, byte()),
            held(Holder::Buffer(3), 8, Vec::new()),
        ];
        Loaded::new(Machine::new(module), held, inputs).unwrap()
    }

    #[test]
    fn shared_memory_is_one_object() {
        let (module, inputs) = (Module::default(), inputs());
        let loaded = loaded(&module, &inputs);
        let argument = |number| loaded.argument(&inputs, Holder::Buffer(number)).unwrap();
        let (a, b) = (argument(0), argument(1));
        assert_eq!((a.object, b.offset - a.offset), (b.object, 1));
        let bytes = loaded.machine.bytes(a).unwrap();
        assert_eq!(bytes.data, [1, 2, 3, 4, 5, 6]);
        assert_ne!(argument(3).object, a.object);
    }

    #[test]
    fn pointers_in_memory_lead_to_the_same_row() {
        let (module, inputs) = (Module::default(), inputs());
        let loaded = loaded(&module, &inputs);
        let pointers = loaded.argument(&inputs, Holder::Buffer(3)).unwrap();
        let bytes = &loaded.machine.bytes(pointers).unwrap().data;
        assert_eq!(bytes[..8], bytes[8..]);
        assert!(bytes.iter().any(|byte| *byte != 0));
    }

    #[test]
    fn what_memory_holds_is_compared() {
        let (module, inputs) = (Module::default(), inputs());
        let loaded = loaded(&module, &inputs);
        assert!(loaded.holds(&inputs));
        let mut other = inputs.clone();
        other.values[2].bytes[1] = 9;
        assert!(!loaded.holds(&other));
    }
}
