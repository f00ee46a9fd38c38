//! Where the arithmetic of kernels may round otherwise than the program's.

use mupac_ir::interpret::ReducedStatements;
use mupac_ir::{Module, Outlined, Plan, Relaxed};

use crate::device_function::DeviceFunctions;
use crate::{contraction, library};

/// Returns how the kernels' floating-point arithmetic may differ from the program's.
pub(super) fn relaxed(
    plan: &Plan,
    twins: &DeviceFunctions,
    outlined: &[Outlined],
) -> Option<Relaxed> {
    let mut reordered = ReducedStatements::new();
    for region in &plan.regions {
        reordered.extend(region.reordered().map(|(id, operator)| {
            // The module has the statement where it was copied from.
            let origin = region.origins.get(&id).copied();
            (origin.unwrap_or((region.of, id)), operator)
        }));
    }
    let may_contract = plan.regions.iter().any(|region| {
        let mut kernels = region.kernels.iter();
        kernels.any(|(_, kernel)| {
            let products = contraction::products(&region.function, &kernel.body);
            let kept = contraction::rounded_products(region, &kernel.body);
            !products.is_subset(&kept)
        })
    });
    let may_contract = may_contract || twins.may_contract(&plan.module);
    let mut kernels = plan
        .regions
        .iter()
        .flat_map(|region| region.kernels.iter().map(move |kernel| (region, kernel)));
    let calls_library = twins.call_library(&plan.module)
        || kernels.any(|(region, (_, kernel))| library::is_called(&region.function, &kernel.body));
    let is_relaxed = may_contract || calls_library || !reordered.is_empty();
    is_relaxed.then(|| Relaxed {
        module: with_regions(plan, outlined, &mut reordered),
        reordered,
        may_contract,
        calls_library,
    })
}

/// Returns the original with the regions that are functions of their own, whose statements may differ as where they stand.
fn with_regions(plan: &Plan, outlined: &[Outlined], reordered: &mut ReducedStatements) -> Module {
    let mut module = plan.module.clone();
    for each in outlined {
        let mut regions = plan.regions.iter();
        let Some(region) = regions.find(|region| region.name == each.region) else {
            continue;
        };
        let function = module.functions.push(each.function.clone());
        let own = reordered.iter().filter(|((of, _), _)| *of == region.of);
        let own: Vec<_> = own
            .map(|((_, id), operator)| ((function, *id), *operator))
            .collect();
        reordered.extend(own);
    }
    module
}
