//! The OpenAPI 3.1 document, made from the register and the table of endpoints.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use daybook_core::app;
use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Receipt, Welcome};
use daybook_rpc::GENERIC_QUERIES;
use daybook_sync::pack::MEDIA;
use schemars::{JsonSchema, schema_for};
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::grant::Grant;
use super::{devices, sign_in, snapshots, sync, users};

/// Whether a token is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Open,
    Locked,
}

struct Endpoint {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    door: Door,
    body: Option<fn() -> Value>,
    answer: Option<fn() -> Value>,
    /// What travels packed, in words: the body and the answer.
    packed: Option<(&'static str, &'static str)>,
}

const fn get(path: &'static str, door: Door, summary: &'static str) -> Endpoint {
    Endpoint { method: "get", path, summary, door, body: None, answer: None, packed: None }
}

const fn post<B: JsonSchema>(path: &'static str, door: Door, summary: &'static str) -> Endpoint {
    Endpoint { method: "post", path, summary, door, body: Some(schema::<B>), answer: None, packed: None }
}

/// What only devices say: CBOR with integer keys, packed; answers are JSON for who asks for it. The words name the
/// messages of `docs/sync.md`.
const fn packed<A: JsonSchema>(path: &'static str, summary: &'static str, body: &'static str, answer: &'static str) -> Endpoint {
    Endpoint { method: "post", path, summary, door: Door::Locked, body: None, answer: Some(schema::<A>), packed: Some((body, answer)) }
}

/// The same, where what is said may be JSON too.
const fn packed_or_json<B: JsonSchema, A: JsonSchema>(path: &'static str, summary: &'static str, body: &'static str, answer: &'static str) -> Endpoint {
    Endpoint { body: Some(schema::<B>), ..packed::<A>(path, summary, body, answer) }
}

const fn granting(endpoint: Endpoint) -> Endpoint {
    Endpoint { answer: Some(schema::<Grant>), ..endpoint }
}

/// An object without fields.
#[derive(JsonSchema)]
struct Nothing {}

/// Every endpoint but the ones of the register.
const ENDPOINTS: &[Endpoint] = &[
    get("/healthz", Door::Open, "The program runs"),
    get("/readyz", Door::Open, "The storage answers"),
    get("/metrics", Door::Open, "Counts as Prometheus text"),
    granting(post::<sign_in::SignIn>("/v1/{tenant}/sign-in", Door::Open, "Sign in")),
    granting(post::<sign_in::GoOn>("/v1/{tenant}/refresh", Door::Open, "Go on with a new access token")),
    post::<Nothing>("/v1/{tenant}/sign-out", Door::Locked, "End this session"),
    get("/v1/{tenant}/devices", Door::Locked, "List devices"),
    post::<devices::Register>("/v1/{tenant}/devices", Door::Locked, "Register this device, or bind this session to it"),
    post::<devices::Challenge>("/v1/{tenant}/devices/challenge", Door::Locked, "Ask for something for the device to sign"),
    post::<Nothing>("/v1/{tenant}/devices/{id}/revoke", Door::Locked, "Shut a device out"),
    post::<users::Invite>("/v1/{tenant}/users/{id}/invite", Door::Locked, "Invite a person with a one-time password"),
    granting(post::<users::ChangePassword>("/v1/{tenant}/users/{id}/password", Door::Locked, "Change one's own password")),
    post::<Nothing>("/v1/{tenant}/users/{id}/revoke", Door::Locked, "Shut a person out"),
    get("/v1/{tenant}/sessions", Door::Locked, "List sessions that go on"),
    post::<Nothing>("/v1/{tenant}/sessions/{id}/revoke", Door::Locked, "End a session"),
    get("/v1/{tenant}/files/{hash}", Door::Locked, "Get the content of a file"),
    packed_or_json::<Hello, Welcome>("/v1/{tenant}/sync/hello", "A device says where it stands", "Hello", "Welcome"),
    packed::<Receipt>("/v1/{tenant}/sync/push", "Entries of a device go up", "Push", "Receipt"),
    packed_or_json::<Pull, Feed>("/v1/{tenant}/sync/pull", "The log comes down as row images", "Pull", "Feed"),
    packed::<Vec<Fate>>("/v1/{tenant}/sync/fates", "What became of commands", "an array of command ids, 16 bytes each", "an array of fates"),
    packed::<Vec<FileWord>>("/v1/{tenant}/sync/files", "How the server stands to files", "an array of file hashes, 32 bytes each", "an array of words"),
    packed::<FileWord>("/v1/{tenant}/sync/files/piece", "A piece of a file goes up", "Piece", "how many bytes the server has"),
    packed::<FilePiece>("/v1/{tenant}/sync/files/get", "A piece of a file comes down", "hash and offset", "Piece"),
    get("/v1/{tenant}/sync/poke", Door::Locked, "A stream of server-sent events: one whenever there is something to pull"),
    post::<sync::Adopt>("/v1/{tenant}/sync/adopt", Door::Locked, "Who sends the books that come whole"),
    post::<snapshots::Wanted>("/v1/{tenant}/sync/snapshot", Door::Locked, "Make a copy of the books for this device"),
    get("/v1/{tenant}/sync/snapshot/{hash}", Door::Locked, "A piece of a copy, from where the header Range says"),
    get("/v1/{tenant}/openapi.json", Door::Locked, "This document"),
];

/// `GET /v1/{tenant}/openapi.json`
pub async fn document(_: Caller) -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| openapi().to_string());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// The document.
pub fn openapi() -> Value {
    let mut kept = Schemas::default();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in ENDPOINTS {
        let operation = operation(endpoint, &mut kept);
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(endpoint.method.to_owned(), operation);
        }
    }
    for (name, call) in calls(&mut kept) {
        paths.insert(format!("/v1/{{tenant}}/rpc/{name}"), json!({ "post": call }));
    }
    kept.0.insert("Error".to_owned(), error_schema());
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Daybook", "version": env!("CARGO_PKG_VERSION"), "description": "The books of a firm: every command and query of the register, and who may come in." },
        "paths": paths,
        "components": { "schemas": kept.0, "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } } },
    })
}

fn operation(endpoint: &Endpoint, kept: &mut Schemas) -> Value {
    let id = format!("{} {}", endpoint.method, endpoint.path);
    let answer = endpoint.answer.map(|answer| kept.take(&id, answer()));
    let mut operation = json!({ "summary": endpoint.summary, "operationId": id, "tags": [tag(endpoint.path)], "responses": responses(answer) });
    describe(&mut operation, "parameters", parameters(endpoint.path));
    match endpoint.body {
        Some(body) => describe(&mut operation, "requestBody", request(kept.take(&id, body()))),
        None if endpoint.packed.is_some() => describe(&mut operation, "requestBody", json!({ "required": true, "content": {} })),
        None => {}
    }
    if let Some((body, answer)) = endpoint.packed {
        add_packed(&mut operation, "/requestBody/content", body);
        add_packed(&mut operation, "/responses/2XX/content", answer);
    }
    if endpoint.door == Door::Locked {
        describe(&mut operation, "security", json!([{ "bearer": [] }]));
    }
    operation
}

fn tag(path: &str) -> &'static str {
    if path.contains("/sync/") { "sync" } else { "access" }
}

/// Says that a message goes packed too, in the contents at `place`.
fn add_packed(operation: &mut Value, place: &str, message: &str) {
    let words = format!("{message}: CBOR with integer keys (docs/sync.md), compressed by zstd.");
    if let Some(content) = operation.pointer_mut(place) {
        describe(content, MEDIA, json!({ "schema": { "type": "string", "format": "binary", "description": words } }));
    }
}

/// The operations of the register, by name.
fn calls(kept: &mut Schemas) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for command in app::commands() {
        let (args, output) = (kept.take(command.name, (command.schema)()), kept.take(command.name, (command.output)()));
        let outcome = json!({ "type": "object", "required": ["result", "changed", "pos", "replayed"], "properties": {
            "result": output, "changed": { "type": "array", "items": { "type": "string" } }, "pos": { "type": "integer" }, "replayed": { "type": "boolean" } } });
        let mut call = call(command.name, args, Some(outcome), json!(command.needs));
        let key = json!({ "name": super::rpc::IDEMPOTENCY_KEY, "in": "header", "required": false, "schema": { "type": "string", "format": "uuid" },
            "description": "Id of the command: tried again with the same id, it still happens once." });
        if let Some(parameters) = call.get_mut("parameters").and_then(Value::as_array_mut) {
            parameters.push(key);
        }
        all.push((command.name, call));
    }
    let queries = app::queries().map(|query| (query.name, (query.schema)(), json!(query.needs)));
    for (name, args, needs) in queries.chain(GENERIC_QUERIES.iter().map(|query| (query.name, (query.schema)(), json!("read")))) {
        let args = kept.take(name, args);
        all.push((name, call(name, args, None, needs)));
    }
    all
}

fn call(name: &str, args: Value, answer: Option<Value>, needs: Value) -> Value {
    let summary = args.get("description").cloned().unwrap_or_default();
    json!({
        "summary": summary, "operationId": name, "tags": [name.split('.').next()], "security": [{ "bearer": [] }], "x-needs": needs,
        "parameters": parameters("/v1/{tenant}/rpc"), "requestBody": request(args), "responses": responses(answer),
    })
}

fn parameters(path: &str) -> Value {
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let shown = |name: &str| {
        let schema = match name {
            "id" => json!({ "type": "string", "format": "uuid" }),
            "hash" => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
            _ => json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]{1,39}$" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    named.map(shown).collect()
}

/// A body may be left out when nothing in it must be there.
fn request(schema: Value) -> Value {
    let required = schema.get("required").and_then(Value::as_array).is_some_and(|fields| !fields.is_empty());
    json!({ "required": required, "content": { "application/json": { "schema": schema } } })
}

fn responses(answer: Option<Value>) -> Value {
    let error = json!({ "description": "Why not, in words", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } });
    let done = answer
        .map_or_else(|| json!({ "description": "Done" }), |schema| json!({ "description": "Done", "content": { "application/json": { "schema": schema } } }));
    json!({ "2XX": done, "4XX": error, "5XX": error })
}

fn error_schema() -> Value {
    json!({ "type": "object", "required": ["kind", "code", "message", "next"], "properties": {
        "kind": { "type": "string" }, "code": { "type": "string" }, "args": { "type": "object" }, "field": { "type": ["string", "null"] },
        "message": { "type": "string" }, "next": { "type": "string", "description": "what to do next" } } })
}

fn describe(operation: &mut Value, name: &str, value: Value) {
    if let Some(fields) = operation.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn schema<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

/// The shared parts of schemas, which have one place in an OpenAPI document.
#[derive(Default)]
struct Schemas(Map<String, Value>);

impl Schemas {
    /// Moves the shared parts of a root schema here. A part that has the name but not the content of an
    /// earlier one gets the name of its owner before its own.
    fn take(&mut self, owner: &str, mut root: Value) -> Value {
        let Some(fields) = root.as_object_mut() else { return root };
        fields.remove("$schema");
        let Some(Value::Object(parts)) = fields.remove("$defs") else { return root };
        let mut renamed: Vec<(String, String)> = Vec::new();
        for (name, part) in &parts {
            let raw = refer(part.clone(), &[]);
            let own = self.0.get(name).is_some_and(|known| *known != raw);
            let plain: String = owner.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            renamed.push((name.clone(), if own { format!("{plain}_{name}") } else { name.clone() }));
        }
        for ((_, new), (_, part)) in renamed.iter().zip(parts) {
            self.0.insert(new.clone(), refer(part, &renamed));
        }
        refer(root, &renamed)
    }
}

/// Points every reference to where the shared parts are now.
fn refer(value: Value, renamed: &[(String, String)]) -> Value {
    match value {
        Value::Object(fields) => {
            let moved = fields.into_iter().map(|(key, inner)| match inner.as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
                Some(name) if key == "$ref" => {
                    let new = renamed.iter().find(|(old, _)| old == name).map_or(name, |(_, new)| new);
                    (key, Value::String(format!("#/components/schemas/{new}")))
                }
                _ => (key, refer(inner, renamed)),
            });
            Value::Object(moved.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| refer(item, renamed)).collect()),
        other => other,
    }
}
