//! What was measured on GPUs and taken home by `mupac import`: figures of another kind than all others here, which are
//! simulated on the CPU or count what is translated.

use mupac::import::store;
use mupac_ir::Measured;

/// Prints a table of measured times, by GPU.
pub(crate) fn print() {
    println!("== measured on GPUs ==");
    let path = store::path(None).map_err(|message| message.title);
    let all = path.and_then(|path| store::read(&path).map_err(|message| message.title));
    let mut all = match all {
        Ok(all) => all,
        Err(why) => {
            println!("not read: {why}\n");
            return;
        }
    };
    if all.is_empty() {
        println!("none yet: run a bundle on a GPU and import its results\n");
        return;
    }
    all.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut device = String::new();
    for each in &all {
        let name = format!("{}, driver {}", each.device.name, each.device.driver);
        if device != name {
            println!("{name}");
            println!(
                "  {:<28} {:<24} {:>12} {:>12} {:>12} {:>9}  date",
                "function", "sizes", "kernel us", "call us", "CPU us", "speed-up"
            );
            device = name;
        }
        println!("{}", row(each));
    }
    println!();
}

fn key(each: &Measured) -> (&str, &str, &str, &str, &str) {
    (
        &each.device.name,
        &each.device.driver,
        &each.file,
        &each.function,
        &each.date,
    )
}

/// The speed-up is that of the whole call, copies included.
fn row(each: &Measured) -> String {
    let sizes = each.sizes.iter();
    let sizes: Vec<String> = sizes
        .map(|size| format!("{}={}", size.name, size.value))
        .collect();
    let times = &each.timings;
    format!(
        "  {:<28} {:<24} {:>12.1} {:>12.1} {:>12.1} {:>8.2}x  {}",
        format!("{} {}", each.file, each.function),
        sizes.join(","),
        times.kernel.median_us,
        times.end_to_end.median_us,
        times.cpu.median_us,
        times.cpu.median_us / times.end_to_end.median_us,
        each.date
    )
}
