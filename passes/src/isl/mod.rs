//! Being written.
#[derive(Clone, Debug)] #[allow(missing_docs)] pub struct Set; #[derive(Clone, Debug)] #[allow(missing_docs)] pub struct Map;
