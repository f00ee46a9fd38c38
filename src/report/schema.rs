//! The published schema of the report is what its types say; `MUPAC_BLESS=1` writes it again.

use std::path::Path;

use schemars::generate::SchemaSettings;

use super::Report;

#[test]
fn the_published_schema_is_that_of_the_types() {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Report>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    if std::env::var_os("MUPAC_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "docs/report.schema.json is not what the types say: MUPAC_BLESS=1 writes it again"
    );
}
