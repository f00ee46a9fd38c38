//! Least squares.

use std::fmt;

use mupac_model::analytic::REGISTER_FEATURES;

/// Unknowns of the fit.
const COUNT: usize = REGISTER_FEATURES.len();

/// A kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) features: [f64; COUNT],
    pub(crate) registers: f64,
}

/// Returns the costs with the least squared differences; none is negative, since nothing frees registers.
///
/// Where a cost would be negative the feature is left out and the rest fitted again.
///
/// **Source**: Lawson, Hanson, “Solving Least Squares Problems”, 1974, chapter 23 (the idea).
pub(crate) fn fitted(rows: &[Row]) -> [f64; COUNT] {
    let mut is_used = [true; COUNT];
    loop {
        let costs = solved(rows, is_used);
        match (0..COUNT).find(|at| costs[*at] < 0.0) {
            None => return costs,
            Some(at) => is_used[at] = false,
        }
    }
}

/// Solves the normal equations for the features that are used, by Gaussian elimination with pivots.
fn solved(rows: &[Row], is_used: [bool; COUNT]) -> [f64; COUNT] {
    let mut matrix = [[0.0; COUNT + 1]; COUNT];
    for row in rows {
        for (line, a) in matrix.iter_mut().zip(row.features) {
            for (entry, b) in line.iter_mut().zip(row.features) {
                *entry += a * b;
            }
            line[COUNT] += a * row.registers;
        }
    }
    for at in 0..COUNT {
        if !is_used[at] {
            matrix[at] = [0.0; COUNT + 1];
            for line in &mut matrix {
                line[at] = 0.0;
            }
        }
        // What never occurs costs nothing.
        matrix[at][at] += 1e-9;
    }
    for at in 0..COUNT {
        let pivot = (at..COUNT)
            .max_by(|a, b| matrix[*a][at].abs().total_cmp(&matrix[*b][at].abs()))
            .unwrap();
        matrix.swap(at, pivot);
        let own = matrix[at];
        for (number, line) in matrix.iter_mut().enumerate() {
            if number != at {
                let factor = line[at] / own[at];
                for (entry, own) in line.iter_mut().zip(own) {
                    *entry -= factor * own;
                }
            }
        }
    }
    std::array::from_fn(|at| matrix[at][COUNT] / matrix[at][at])
}

/// How far estimates are from what the assembler says.
pub(crate) struct Residuals {
    kernels: usize,
    /// In registers, in order.
    distances: Vec<f64>,
    mean: f64,
}

pub(crate) fn residuals(rows: &[Row], costs: &[f64; COUNT]) -> Residuals {
    let differences: Vec<f64> = rows
        .iter()
        .map(|row| {
            let parts = row.features.iter().zip(costs);
            let estimated: f64 = parts.map(|(count, cost)| count * cost).sum();
            estimated - row.registers
        })
        .collect();
    let mut distances: Vec<f64> = differences.iter().map(|each| each.abs()).collect();
    distances.sort_by(f64::total_cmp);
    Residuals {
        kernels: rows.len(),
        mean: differences.iter().sum::<f64>() / rows.len() as f64,
        distances,
    }
}

impl fmt::Display for Residuals {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |share: f64| {
            let index = (share * self.distances.len() as f64) as usize;
            self.distances.get(index).copied().unwrap_or(0.0)
        };
        let near = self.distances.iter().filter(|each| **each <= 8.0).count();
        write!(
            out,
            "{} kernels, mean {:+.1}, median distance {:.1}, nine in ten within {:.1}, within 8 registers {:.0} %",
            self.kernels,
            self.mean,
            at(0.5),
            at(0.9),
            100.0 * near as f64 / self.kernels.max(1) as f64
        )
    }
}
