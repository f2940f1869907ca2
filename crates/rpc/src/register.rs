//! The register as clients see it: the core's own description with code lists and words around it.

use std::sync::OnceLock;

use daybook_core::shared::Currency;
use daybook_core::shared::error::Result;
use serde_json::{Value, json};

use crate::{Reply, records, texts};

/// The register; it is the same as long as the program runs.
pub fn reply() -> Result<Reply> {
    static REPLY: OnceLock<Reply> = OnceLock::new();
    match REPLY.get() {
        Some(reply) => Ok(reply.clone()),
        None => Ok(REPLY.get_or_init(|| Reply { media: crate::Media::Json, bytes: register().to_string().into_bytes() }).clone()),
    }
}

/// The register as a value.
pub fn register() -> Value {
    let mut all = daybook_core::app::describe();
    if let Some(queries) = all.get_mut("queries").and_then(Value::as_array_mut) {
        queries.extend(records::QUERIES.iter().map(|query| json!({ "name": query.name, "needs": "read", "schema": (query.schema)() })));
    }
    if let Some(all) = all.as_object_mut() {
        all.insert("currencies".to_owned(), currencies());
        all.insert("countries".to_owned(), countries());
        all.insert("labels".to_owned(), json!(texts("en").map(|texts| texts.labels).unwrap_or_default()));
        all.insert("reports".to_owned(), json!(daybook_core::reports::describe()));
    }
    all
}

fn currencies() -> Value {
    Currency::all().map(|row| json!({ "code": row.code, "digits": row.digits, "name": row.name })).collect()
}

fn countries() -> Value {
    let all = daybook_core::identity::country::all();
    all.values().map(|row| json!({ "code": row.code, "name": row.name, "currency": row.currency })).collect()
}
