//! Plan files: reading one, and saying at which of its lines it does not fit the input.

use std::path::Path;
use std::sync::Arc;

use mupac_ir::plan_text::{self, RegionMoves};
use mupac_ir::{Plan, Reason, Refusal, Trajectory};
use mupac_passes::{Device, State, Workload};

use crate::diagnostics::Message;
use crate::input;

/// A plan file as read.
#[derive(Clone, Debug)]
pub struct PlanFile {
    /// As the user named it.
    pub name: String,
    regions: Vec<RegionMoves>,
}

/// A line of a plan file that cannot be followed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what}")]
pub struct PlanFileError {
    /// The file.
    pub name: String,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
    /// The refusal of a move that does not fit.
    pub reason: Option<Reason>,
}

impl PlanFile {
    /// Reads a plan file.
    ///
    /// **Errors**: a message that names the file, and the line that is wrong.
    pub fn read(path: &Path) -> Result<Self, Message> {
        let name = path.display().to_string();
        let text = String::from_utf8(input::read_bytes(path)?)
            .map_err(|_| Message::error(format!("cannot read {name}: it is not UTF-8 text")))?;
        match plan_text::parse(&text) {
            Ok(regions) => Ok(Self { name, regions }),
            Err(error) => Err(Message::error(error.what).at(name, error.line, 0)),
        }
    }

    /// Returns the moves of a region, if the file names it.
    pub fn trajectory(&self, region: &str) -> Option<&Trajectory> {
        let found = self.regions.iter().find(|each| each.name == region)?;
        Some(&found.trajectory)
    }

    /// Replays every region of the file.
    ///
    /// **Errors**: the first line that names a region the input does not have, or a move that is refused.
    pub fn fits(&self, workload: &Arc<Workload>, device: &Device) -> Result<(), PlanFileError> {
        self.regions
            .iter()
            .try_for_each(|moves| self.region_fits(moves, workload, device))
    }

    fn region_fits(
        &self,
        moves: &RegionMoves,
        workload: &Arc<Workload>,
        device: &Device,
    ) -> Result<(), PlanFileError> {
        let region = workload
            .regions
            .iter()
            .position(|region| region.name == moves.name);
        let start = region.and_then(|region| State::new(Arc::clone(workload), region));
        let Some(mut state) = start else {
            return Err(self.unknown_region(moves, workload));
        };
        for (each, line) in moves.trajectory.moves.iter().zip(&moves.move_lines) {
            state = state
                .after(each, device)
                .map_err(|refusal| self.refused(*line, refusal))?;
        }
        Ok(())
    }

    fn unknown_region(&self, moves: &RegionMoves, workload: &Workload) -> PlanFileError {
        let known: Vec<&str> = workload
            .regions
            .iter()
            .map(|region| region.name.as_str())
            .collect();
        let known = if known.is_empty() {
            "there is no parallel loop".to_owned()
        } else {
            format!("there are {}", known.join(", "))
        };
        PlanFileError {
            name: self.name.clone(),
            line: moves.line,
            what: format!("the input has no region {}; {known}", moves.name),
            reason: None,
        }
    }

    fn refused(&self, line: usize, refusal: Refusal) -> PlanFileError {
        PlanFileError {
            name: self.name.clone(),
            line,
            what: refusal.reason.to_string(),
            reason: Some(refusal.reason),
        }
    }
}

/// Returns the plan file that leads to a plan.
pub fn print(plan: &Plan) -> String {
    let regions = plan
        .regions
        .iter()
        .map(|region| (region.name.as_str(), &region.trajectory));
    plan_text::print(regions)
}
