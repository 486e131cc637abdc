//! Compares answers with their description: as much of JSON Schema as the description uses.

use super::DESCRIPTION;
use serde_json::{Value, json};

/// A schema of the description by its name.
pub fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What in a value is not as its schema says. Objects may have nothing that is not described.
pub fn problems(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let mut found = Vec::new();
    check(&description, schema, value, place, &mut found);
    found
}

fn check(description: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = description.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("{reference} leads nowhere"));
        return check(description, target, value, place, found);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &Value| {
            let mut wrong = Vec::new();
            check(description, choice, value, place, &mut wrong);
            wrong.is_empty()
        };
        if !choices.iter().any(fits) {
            found.push(format!("{place}: {value} fits no choice"));
        }
        return;
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        found.push(format!("{place}: {value} is none of the values"));
        return;
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    assert!(types.iter().all(Value::is_string), "{place}: the schema says no type");
    if !types.iter().any(|wanted| is_of(value, wanted.as_str().unwrap())) {
        found.push(format!("{place}: {value} is no {}", types[0].as_str().unwrap()));
        return;
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check(description, &schema["items"], item, &format!("{place}[{index}]"), found);
            }
        }
        Value::Object(fields) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            found.extend(
                required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{place}: {name} is missing")),
            );
            for (name, field) in fields {
                match schema["properties"].get(name) {
                    Some(property) => check(description, property, field, &format!("{place}.{name}"), found),
                    None => found.push(format!("{place}: {name} is not described")),
                }
            }
        }
        _ => {}
    }
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}
