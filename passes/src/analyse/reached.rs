//! Whether what a region certainly reaches of an array has the ends of all that it may reach.

use crate::isl;

/// Returns all that lies between the least and the greatest of each subscript, as rows are copied.
pub(super) fn filled(touched: &isl::Set) -> Result<isl::Set, isl::Error> {
    let dimensions = touched.dimensions()?;
    let mut all: Option<isl::Set> = None;
    for at in 0..dimensions {
        let behind = dimensions - at - 1;
        let own = touched.project_out(at + 1, behind)?.project_out(0, at)?;
        let reach = |sign: &str| {
            let text = format!("{{ [a] -> [x] : x {sign} a }}");
            own.apply(&isl::Map::parse(own.context(), &text)?)
        };
        let between = reach(">=")?.intersect(&reach("<=")?)?;
        let between = between.insert_dims(1, behind)?.insert_dims(0, at)?;
        all = Some(match all {
            Some(all) => all.intersect(&between)?,
            None => between,
        });
    }
    all.map_or_else(|| Ok(touched.clone()), Ok)
}

/// Returns whether each row of what is copied is there and none begins behind what is copied of it: the region has an element in
/// each, or the host has seen all pointers to rows of planes.
pub(super) fn has_each_row(certain: &isl::Set, touched: &isl::Set) -> Result<bool, isl::Error> {
    let last = touched.dimensions()? - 1;
    let first = |set: &isl::Set| set.project_out(last, 1);
    let names: Vec<String> = (0..last).map(|at| format!("row{at}, ")).collect();
    let behind = format!("{{ [{}at] : at >= 0 }}", names.concat());
    let behind = isl::Set::parse(touched.context(), &behind)?;
    let are_seen = last > 1 || first(&filled(touched)?)?.is_subset(&first(certain)?)?;
    Ok(are_seen && touched.is_subset(&behind)?)
}

/// Returns whether a set holds both ends of the hull of a greater one.
pub(super) fn has_ends(
    certain: &isl::Set,
    touched: &isl::Set,
    is_ordered: bool,
) -> Result<bool, isl::Error> {
    if is_ordered {
        let ends = touched.lexmin()?.union(&touched.lexmax()?)?;
        return ends.is_subset(certain);
    }
    let dimensions = touched.dimensions()?;
    for is_greatest in [false, true] {
        let mut corner: Option<isl::Set> = None;
        for at in 0..dimensions {
            let own = touched
                .project_out(at + 1, dimensions - at - 1)?
                .project_out(0, at)?;
            let end = if is_greatest {
                own.lexmax()?
            } else {
                own.lexmin()?
            };
            let end = end
                .insert_dims(0, at)?
                .insert_dims(at + 1, dimensions - at - 1)?;
            corner = Some(match corner {
                Some(corner) => corner.intersect(&end)?,
                None => end,
            });
        }
        if let Some(corner) = corner
            && !corner.is_subset(certain)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}
