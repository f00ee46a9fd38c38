//! What a bundle says of itself: which mupac wrote which text, and how its regions were mapped.
//!
//! Results name texts by their hash; what they measured is looked up here, since another build of mupac, or another
//! libclang, may write another text for the same file.

use mupac_ir::Plan;
use mupac_ir::gpu_result::{MeasuredRegion, SCHEMA};
use serde::{Deserialize, Serialize};

/// The name of its file.
pub const NAME: &str = "manifest.json";

/// The table of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the form of results.
    pub schema: u32,
    /// The version of the mupac that made it.
    pub tool: String,
    /// Its texts.
    pub files: Vec<ManifestFile>,
}

/// A text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its folder below `files`.
    pub name: String,
    /// What it was translated from, as the user named it.
    pub source: String,
    /// Its hash.
    pub text: String,
    /// The functions that hold regions.
    pub functions: Vec<ManifestFunction>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFunction {
    /// Its name.
    pub name: String,
    /// Its regions, and how they were mapped.
    pub regions: Vec<MeasuredRegion>,
}

impl Manifest {
    /// Returns the table of these texts.
    pub fn new(files: Vec<ManifestFile>) -> Self {
        Self {
            schema: SCHEMA,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            files,
        }
    }
}

/// Returns the functions of a plan that hold regions, in source order.
pub fn functions(plan: &Plan) -> Vec<ManifestFunction> {
    let mut functions: Vec<ManifestFunction> = Vec::new();
    for region in &plan.regions {
        let moves = region.trajectory.moves.iter();
        let measured = MeasuredRegion {
            name: region.name.clone(),
            moves: moves.map(ToString::to_string).collect(),
        };
        let name = &region.function.name;
        match functions.iter_mut().find(|each| each.name == *name) {
            Some(function) => function.regions.push(measured),
            None => functions.push(ManifestFunction {
                name: name.clone(),
                regions: vec![measured],
            }),
        }
    }
    functions
}
