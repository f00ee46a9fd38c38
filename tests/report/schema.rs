//! Validates JSON against a schema: as much of JSON Schema as the published one uses, and an error for all else.
//!
//! The crates that validate all of it bring some fifty others with them.
//!
//! **Source**: JSON Schema 2020-12, Core and Validation.

use serde_json::Value;

/// Asserts that a value is what a schema says.
///
/// **Errors**: where it is not, or where the schema uses a word that is not read here.
pub(crate) fn validate(value: &Value, root: &Value) -> Result<(), String> {
    valid(value, root, root, "$")
}

fn valid(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let Some(words) = schema.as_object() else {
        let is_open = schema.as_bool() == Some(true);
        return is_open
            .then_some(())
            .ok_or(format!("{at}: nothing may stand here"));
    };
    for (word, told) in words {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" | "default" => {}
            "$ref" => valid(value, referred(told, root)?, root, at)?,
            "type" => of_type(value, told, at)?,
            "const" => among(value, std::slice::from_ref(told), at)?,
            "enum" => among(value, told.as_array().ok_or("a list")?, at)?,
            "minimum" | "maximum" => in_range(value, word, told, at)?,
            "minItems" | "maxItems" => of_length(value, word, told, at)?,
            "anyOf" | "oneOf" | "allOf" => combined(value, (word, told), root, at)?,
            "required" => has_required(value, told, at)?,
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = told.get(name) {
                        valid(value, schema, root, &format!("{at}.{name}"))?;
                    }
                }
            }
            "additionalProperties" => {
                let own = schema.get("properties").and_then(Value::as_object);
                for (name, value) in value.as_object().into_iter().flatten() {
                    if !own.is_some_and(|own| own.contains_key(name)) && !is_matched(schema, name) {
                        valid(value, told, root, &format!("{at}.{name}"))?;
                    }
                }
            }
            "patternProperties" => {
                let schemas = told.as_object().into_iter().flatten();
                for (_, schema) in schemas {
                    for (name, value) in value.as_object().into_iter().flatten() {
                        valid(value, schema, root, &format!("{at}.{name}"))?;
                    }
                }
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    valid(value, told, root, &format!("{at}[{index}]"))?;
                }
            }
            other => return Err(format!("the schema says {other}, which is not read here")),
        }
    }
    Ok(())
}

/// Returns whether a name is one of numbers, the only pattern of names that reports have.
fn is_matched(schema: &Value, name: &str) -> bool {
    let has_patterns = schema.get("patternProperties").is_some();
    has_patterns && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn referred<'s>(told: &Value, root: &'s Value) -> Result<&'s Value, String> {
    let name = told.as_str().and_then(|told| told.strip_prefix('#'));
    let found = name.and_then(|name| root.pointer(name));
    found.ok_or_else(|| format!("the schema has no {told}"))
}

fn among(value: &Value, all: &[Value], at: &str) -> Result<(), String> {
    let is_one = all.contains(value);
    is_one
        .then_some(())
        .ok_or(format!("{at}: {value} is none of {all:?}"))
}

fn of_type(value: &Value, told: &Value, at: &str) -> Result<(), String> {
    let is = |word: &str| match word {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let one = told.as_str().into_iter();
    let several = told.as_array().into_iter().flatten();
    let mut words = one.chain(several.filter_map(Value::as_str));
    if words.any(is) {
        return Ok(());
    }
    Err(format!("{at}: {value} is no {told}"))
}

fn in_range(value: &Value, word: &str, told: &Value, at: &str) -> Result<(), String> {
    let Some((value, bound)) = value.as_f64().zip(told.as_f64()) else {
        return Ok(());
    };
    let is_within = if word == "minimum" {
        value >= bound
    } else {
        value <= bound
    };
    is_within
        .then_some(())
        .ok_or(format!("{at}: {value} beyond {word} {bound}"))
}

fn of_length(value: &Value, word: &str, told: &Value, at: &str) -> Result<(), String> {
    let length = value.as_array().map(|all| all.len() as u64);
    let Some((length, bound)) = length.zip(told.as_u64()) else {
        return Ok(());
    };
    let is_within = if word == "minItems" {
        length >= bound
    } else {
        length <= bound
    };
    is_within
        .then_some(())
        .ok_or(format!("{at}: {length} items, {word} {bound}"))
}

fn combined(
    value: &Value,
    (word, told): (&str, &Value),
    root: &Value,
    at: &str,
) -> Result<(), String> {
    let schemas = told.as_array().ok_or("a list of schemas")?;
    let results = schemas.iter().map(|schema| valid(value, schema, root, at));
    let (good, bad): (Vec<_>, Vec<_>) = results.partition(Result::is_ok);
    let is_right = match word {
        "anyOf" => !good.is_empty(),
        "oneOf" => good.len() == 1,
        _ => bad.is_empty(),
    };
    is_right
        .then_some(())
        .ok_or(format!("{at}: {} of {word} fit: {bad:?}", good.len()))
}

fn has_required(value: &Value, told: &Value, at: &str) -> Result<(), String> {
    let Some(object) = value.as_object() else {
        return Ok(());
    };
    let mut names = told
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    match names.find(|name| !object.contains_key(*name)) {
        Some(name) => Err(format!("{at}: there is no {name}")),
        None => Ok(()),
    }
}
