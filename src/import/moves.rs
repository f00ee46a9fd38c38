//! Which moves can have led to what was measured.

use mupac_ir::Move;
use mupac_ir::gpu_result::MeasuredRegion;
use mupac_passes::steps;

/// Returns what is wrong with the moves of a region, in a sentence without a full stop.
pub(super) fn fault(region: &MeasuredRegion) -> Option<String> {
    let mut moves = region.moves.iter();
    moves.find_map(|text| match text.parse::<Move>() {
        Ok(step) => steps::step(&step)
            .err()
            .map(|refusal| refusal.reason.to_string()),
        Err(error) => Some(error.to_string()),
    })
}
