//! Work that is tried again makes its rows under new ids: what is still open in its chain is told them.

use std::collections::HashMap;

use serde_json::Value;

use super::Item;
use crate::db::Tx;
use crate::shared::Id;
use crate::shared::error::Result;
use crate::shared::id::CommandId;

/// New ids by old ones.
type Renamed = HashMap<String, String>;

/// Puts the new ids into what open items say.
pub(super) fn rename(tx: &mut Tx<'_>, items: &mut [Item]) -> Result<()> {
    let sql = "SELECT a.root, d.result, n.result FROM attention a JOIN daybook d ON d.pos = a.pos JOIN daybook n ON n.command = a.resolved_by \
               WHERE a.state = 'resubmitted' AND n.name = d.name ORDER BY a.pos";
    let rows: Vec<(CommandId, Vec<u8>, Vec<u8>)> = tx.all(sql, &[])?;
    let mut renamed: HashMap<CommandId, Renamed> = HashMap::new();
    for (root, old, new) in rows.iter().filter(|(root, ..)| items.iter().any(|item| item.root == *root)) {
        let read = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or_default();
        note(&read(old), &read(new), renamed.entry(*root).or_default());
    }
    for item in items {
        if let Some(renamed) = renamed.get(&item.root) {
            put(&mut item.args, renamed);
        }
    }
    Ok(())
}

/// Notes which ids stand in the same places of both answers.
fn note(old: &Value, new: &Value, renamed: &mut Renamed) {
    match (old, new) {
        (Value::String(old), Value::String(new)) if old != new && Id::<()>::parse(old).is_ok() && Id::<()>::parse(new).is_ok() => {
            renamed.insert(old.clone(), new.clone());
        }
        (Value::Array(old), Value::Array(new)) => old.iter().zip(new).for_each(|(old, new)| note(old, new, renamed)),
        (Value::Object(old), Value::Object(new)) => old.iter().for_each(|(key, old)| note(old, new.get(key).unwrap_or(&Value::Null), renamed)),
        _ => {}
    }
}

fn put(value: &mut Value, renamed: &Renamed) {
    match value {
        Value::String(text) => {
            if let Some(new) = renamed.get(text) {
                new.clone_into(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| put(value, renamed)),
        Value::Object(map) => map.values_mut().for_each(|value| put(value, renamed)),
        _ => {}
    }
}
