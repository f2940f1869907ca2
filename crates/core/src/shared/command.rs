//! Commands and queries: serialisable structs with a name, a version and a `run`. One generic entry
//! each serves Tauri, HTTP, CLI, sync and tests.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use super::arguments::{Names, read_args};

use super::arguments;
use super::context::Context;
use super::error::{Error, Result};
use super::permission::Permission;
use crate::db::Tx;

crate::choice! {
    /// How a command meets a server that knows more.
    pub enum Class {
        /// It has happened (goods shipped, invoice handed over): never refused for commercial reasons.
        Fact = "fact",
        /// Somebody wants it (approve, change a price): may be refused with a reason.
        Decision = "decision",
        /// Needs the server (roles, chart of accounts, period close).
        OnlineOnly = "online_only",
    }
}

/// A business action: one struct, one transaction, one entry in the daybook.
pub trait Command: Serialize + DeserializeOwned + JsonSchema + Send + 'static {
    /// `module.verb_object`.
    const NAME: &'static str;
    /// Raised when the arguments change their meaning; older versions keep an upcaster. A new name beside the
    /// others raises nothing.
    const VERSION: u16 = 1;
    /// What the actor must be allowed.
    const NEEDS: Permission;
    /// How it meets a server that knows more.
    const CLASS: Class;
    /// What it answers.
    type Output: Serialize + JsonSchema;
    /// Does it, inside the transaction.
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Self::Output>;
}

/// A question; reads one consistent state and writes nothing.
pub trait Query: Serialize + DeserializeOwned + JsonSchema + Send + 'static {
    /// `module.noun`.
    const NAME: &'static str;
    /// What the actor must be allowed.
    const NEEDS: Permission;
    /// What it answers.
    type Output: Serialize;
    /// Answers it.
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Self::Output>;
}

/// A command whose type is known to the register only.
pub trait Action: Send {
    /// The arguments as CBOR, the form that is hashed and kept.
    fn encode(&self) -> Result<Vec<u8>>;
    /// Runs it and gives the answer as JSON.
    fn run(self: Box<Self>, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value>;
}

impl<C: Command> Action for C {
    fn encode(&self) -> Result<Vec<u8>> {
        minicbor_serde::to_vec(self).map_err(|e| Error::internal("command.encode").caused_by(e.to_string()))
    }
    fn run(self: Box<Self>, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
        to_value(Command::run(*self, tx, cx)?)
    }
}

/// Arguments that were read.
pub type Said = Result<Box<dyn Action>>;

/// What the register keeps of a command.
#[derive(Clone, Copy)]
pub struct CommandEntry {
    /// Name.
    pub name: &'static str,
    /// Version.
    pub version: u16,
    /// Needed permission.
    pub needs: Permission,
    /// Class.
    pub class: Class,
    /// Reads JSON arguments.
    pub from_json: fn(Value, Names) -> Said,
    /// Reads kept arguments.
    pub from_cbor: fn(&[u8], Names) -> Said,
    /// JSON Schema of the arguments.
    pub schema: fn() -> Value,
    /// JSON Schema of the answer.
    pub output: fn() -> Value,
    /// Whether the person may undo what it changed.
    pub undoable: bool,
}

impl CommandEntry {
    /// Its actor may undo what it changed: rows of revisable records alone.
    pub const fn undoable(self) -> Self {
        CommandEntry { undoable: true, ..self }
    }
}

/// The entry of `C`.
pub const fn command<C: Command>() -> CommandEntry {
    CommandEntry {
        name: C::NAME,
        version: C::VERSION,
        needs: C::NEEDS,
        class: C::CLASS,
        from_json: command_from_json::<C>,
        from_cbor: command_from_cbor::<C>,
        schema: schema_of::<C>,
        output: schema_of::<C::Output>,
        undoable: false,
    }
}

/// What the register keeps of a query.
#[derive(Clone, Copy)]
pub struct QueryEntry {
    /// Name.
    pub name: &'static str,
    /// Needed permission.
    pub needs: Permission,
    /// Answers JSON with JSON.
    pub run: fn(Value, &mut Tx<'_>, &mut Context) -> Result<Value>,
    /// JSON Schema of the arguments.
    pub schema: fn() -> Value,
}

/// The entry of `Q`.
pub const fn query<Q: Query>() -> QueryEntry {
    QueryEntry { name: Q::NAME, needs: Q::NEEDS, run: run_query::<Q>, schema: schema_of::<Q> }
}

fn command_from_json<C: Command>(args: Value, names: Names) -> Said {
    Ok(Box::new(arguments::from_json::<C>(object(args)?, names)?))
}

/// Arguments are an object with names; absent ones may be left out altogether.
fn object(args: Value) -> Result<Value> {
    match args {
        Value::Object(_) => Ok(args),
        Value::Null => Ok(Value::Object(serde_json::Map::new())),
        other => Err(Error::invalid("args.invalid").arg("detail", format!("expected an object with named values, found {other}"))),
    }
}

fn command_from_cbor<C: Command>(bytes: &[u8], names: Names) -> Said {
    Ok(Box::new(arguments::from_cbor::<C>(bytes, names)?))
}

fn run_query<Q: Query>(args: Value, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
    to_value(arguments::from_json::<Q>(object(args)?, Names::Known)?.run(tx, cx)?)
}

fn to_value(output: impl Serialize) -> Result<Value> {
    serde_json::to_value(output).map_err(|e| Error::internal("command.encode").caused_by(e))
}

fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}
