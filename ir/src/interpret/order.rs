//! In which order iterations that may run in any order do run.

use crate::random::Random;

/// The order of the iterations of parallel loops, and of the blocks and threads of a launch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As written.
    #[default]
    Ascending,
    /// The other way round.
    Descending,
    /// At random, differently at every loop, and the same for the same seed.
    Shuffled(u64),
}

/// Puts things into order, one loop after another.
#[derive(Clone, Debug)]
pub(super) struct Orderer {
    order: Order,
    random: Random,
}

impl Orderer {
    pub(super) fn new(order: Order) -> Self {
        let seed = match order {
            Order::Ascending | Order::Descending => 0,
            Order::Shuffled(seed) => seed,
        };
        Self {
            order,
            random: Random::new(seed),
        }
    }

    /// Rearranges what is in ascending order.
    pub(super) fn arrange<T>(&mut self, values: &mut [T]) {
        match self.order {
            Order::Ascending => {}
            Order::Descending => values.reverse(),
            Order::Shuffled(_) => self.random.shuffle(values),
        }
    }
}
