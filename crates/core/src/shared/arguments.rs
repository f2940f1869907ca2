//! Arguments as a caller says them and as an entry keeps them. What a caller says under a name that nothing
//! reads is refused, never dropped unnoticed.

use schemars::JsonSchema;
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde_ignored::Path;
use serde_json::Value;

use super::error::{self, Error, Result};
use super::nearest::nearest;

/// What becomes of names that the arguments do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// They are refused (`args.unknown`): somebody says something now.
    Known,
    /// They are passed over: it was said before, and is in the books.
    Any,
}

/// One type for all arguments, so that nothing is compiled twice.
type Noted<'n> = &'n mut dyn FnMut(Path<'_>);

/// Reads JSON arguments; the error names the path of the field that does not fit, is missing or unknown.
pub fn from_json<T: DeserializeOwned + JsonSchema>(args: Value, names: Names) -> Result<T> {
    read(names, |note| {
        let _ = error::claim();
        serde_path_to_error::deserialize(ignoring(args, note)).map_err(misfit)
    })
}

/// Reads kept arguments.
pub fn from_cbor<T: DeserializeOwned + JsonSchema>(bytes: &[u8], names: Names) -> Result<T> {
    read(names, |note| {
        let read = T::deserialize(ignoring(&mut minicbor_serde::Deserializer::new(bytes), note));
        read.map_err(|e| error::claim().unwrap_or_else(|| Error::internal("command.decode").caused_by(e.to_string())))
    })
}

/// Reads JSON arguments of which nobody needs to know all names; the error names the path of the field that
/// does not fit or is missing.
pub fn read_args<T: DeserializeOwned>(args: Value) -> Result<T> {
    let _ = error::claim();
    serde_path_to_error::deserialize(args).map_err(misfit)
}

fn ignoring<'a, 'n, 'de, D: Deserializer<'de>>(from: D, note: &'a mut Noted<'n>) -> serde_ignored::Deserializer<'a, 'a, D, Noted<'n>> {
    serde_ignored::Deserializer::new(from, note)
}

/// A name that nothing reads comes before what is missing: it may be that very field, misspelt.
fn read<T: JsonSchema>(names: Names, read: impl FnOnce(&mut Noted<'_>) -> Result<T>) -> Result<T> {
    let mut first: Option<Vec<Step>> = None;
    let mut note = |path: Path<'_>| {
        first.get_or_insert_with(|| steps(&path));
    };
    let mut noted: Noted<'_> = &mut note;
    let read = read(&mut noted);
    match first {
        Some(steps) if names == Names::Known => Err(unknown(&steps, &schemars::schema_for!(T).to_value())),
        _ => read,
    }
}

/// A step on the way to a value.
enum Step {
    Name(String),
    Place(usize),
}

fn steps(path: &Path<'_>) -> Vec<Step> {
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Seq { parent, index } => (parent, Some(Step::Place(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Name(key.clone()))),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => (parent, None),
    };
    let mut all = steps(parent);
    all.extend(step);
    all
}

fn unknown(steps: &[Step], schema: &Value) -> Error {
    let (mut path, mut name) = (String::new(), "");
    for step in steps {
        match step {
            Step::Place(place) => path.push_str(&format!("[{place}]")),
            Step::Name(key) => {
                path.push_str(if path.is_empty() { "" } else { "." });
                path.push_str(key);
                name = key;
            }
        }
    }
    let parents = steps.split_last().map(|(_, parents)| parents).unwrap_or_default();
    let names = names_at(schema, schema, parents);
    let near = if names.is_empty() { "none".to_owned() } else { nearest(name, names.into_iter()).join(", ") };
    Error::invalid("args.unknown").arg("name", name).arg("near", near).field(path)
}

/// The names that a JSON Schema knows where `steps` lead.
fn names_at<'s>(root: &'s Value, schema: &'s Value, steps: &[Step]) -> Vec<&'s str> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/")) {
        return root.get("$defs").and_then(|defs| defs.get(name)).map(|named| names_at(root, named, steps)).unwrap_or_default();
    }
    let either = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|word| schema.get(word).and_then(Value::as_array)).flatten();
    let mut names: Vec<&str> = either.flat_map(|one| names_at(root, one, steps)).collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    match steps.split_first() {
        None => names.extend(properties.into_iter().flatten().map(|(name, _)| name.as_str())),
        Some((step, rest)) => {
            let inside = match step {
                Step::Place(_) => schema.get("items"),
                Step::Name(key) => properties.and_then(|properties| properties.get(key)),
            };
            names.extend(inside.into_iter().flat_map(|inside| names_at(root, inside, rest)));
        }
    }
    names
}

/// What does not fit, as an error that names the field.
fn misfit(e: serde_path_to_error::Error<serde_json::Error>) -> Error {
    let path = e.path().to_string();
    let text = e.into_inner().to_string();
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).unwrap_or_default().to_owned();
    let error = error::claim().unwrap_or_else(|| Error::invalid("args.invalid").arg("detail", text));
    match (path.as_str(), missing.as_str()) {
        (".", "") => error,
        (".", missing) => error.field(missing),
        (path, "") => error.field(path),
        (path, missing) => error.field(format!("{path}.{missing}")),
    }
}
