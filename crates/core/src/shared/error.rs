//! One error shape for every layer: the kind decides behaviour, the code names the text, the
//! field says where. Words live in `assets/texts/errors.en.toml`, never in a `match` on a string.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// What every fallible function of the core returns.
pub type Result<T> = std::result::Result<T, Error>;

/// What sort of failure it is; callers branch on this and on nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The input breaks a rule; `field` says where.
    Invalid,
    /// The record asked for does not exist.
    NotFound,
    /// It exists already, or changed since it was read.
    Conflict,
    /// The actor lacks the permission.
    Denied,
    /// The record is in a state that does not allow this.
    State,
    /// The accounting period is closed.
    Closed,
    /// Another process or transaction holds what is needed; try again.
    Busy,
    /// The disk or the database refused (full, read-only, I/O).
    Storage,
    /// The books are damaged or fail their proof.
    Corrupt,
    /// The file belongs to another program or to another version of Daybook.
    Incompatible,
    /// A defect in Daybook itself.
    Internal,
}

/// A typed error. Cheap to move (one pointer).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    code: &'static str,
    args: BTreeMap<Cow<'static, str>, String>,
    labels: BTreeMap<Cow<'static, str>, String>,
    field: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// A new error of `kind` with the text id `code`.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Error(Box::new(Inner { kind, code, args: BTreeMap::new(), labels: BTreeMap::new(), field: None, source: None }))
    }
    /// Input that breaks a rule.
    pub fn invalid(code: &'static str) -> Self {
        Self::new(Kind::Invalid, code)
    }
    /// A defect in Daybook itself.
    pub fn internal(code: &'static str) -> Self {
        Self::new(Kind::Internal, code)
    }
    /// Adds a value that the text may show.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.args.insert(Cow::Borrowed(name), value.to_string());
        self
    }
    /// Adds the name of a record as it stands inside a sentence; clients find its label and say it in their own language.
    #[must_use]
    pub fn record(mut self, name: &'static str, table: &str) -> Self {
        self.0.labels.insert(Cow::Borrowed(name), format!("record.{table}"));
        self.arg(name, super::labels::record_inside(table))
    }
    /// Adds a word of the register (`party.phone`); clients find it in their own language.
    #[must_use]
    pub fn label(mut self, name: &'static str, key: &str) -> Self {
        self.0.labels.insert(Cow::Borrowed(name), key.to_owned());
        self.arg(name, super::labels::label_or(key, key))
    }
    /// Says which input field is meant, unless something deeper said so already.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.0.field.get_or_insert(path.into());
        self
    }
    /// Puts `prefix` before the field path: `quantity` becomes `lines[2].quantity`.
    #[must_use]
    pub fn within(mut self, prefix: impl fmt::Display) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(path) => format!("{prefix}.{path}"),
            None => prefix.to_string(),
        });
        self
    }
    /// Keeps the error of a library as the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    /// The text id.
    pub fn code(&self) -> &'static str {
        self.0.code
    }
    /// The path of the input field that is meant.
    pub fn field_path(&self) -> Option<&str> {
        self.0.field.as_deref()
    }
    /// What happened, in words.
    pub fn message(&self) -> String {
        match texts().get(self.0.code) {
            Some(text) => self.fill(&text.message),
            None => format!("{} {:?}", self.0.code, self.0.args),
        }
    }
    /// What to do next, in words.
    pub fn next(&self) -> String {
        texts().get(self.0.code).map(|text| self.fill(&text.next)).unwrap_or_default()
    }
    /// The wire form: `{kind, code, args, field, message, next}`, and `labels` where arguments are words of the register.
    pub fn to_json(&self) -> serde_json::Value {
        let mut body = serde_json::json!({
            "kind": self.0.kind, "code": self.0.code, "args": self.0.args, "field": self.0.field,
            "message": self.message(), "next": self.next(),
        });
        if let Some(body) = body.as_object_mut().filter(|_| !self.0.labels.is_empty()) {
            body.insert("labels".to_owned(), serde_json::json!(self.0.labels));
        }
        body
    }

    /// Reads the wire form; `None` when it is none, or has a code that this program has no words for.
    pub fn from_json(value: &serde_json::Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
        let code = texts().get_key_value(text("code")?).map(|(code, _)| code.as_str())?;
        let kind = serde_json::from_value(value.get("kind")?.clone()).ok()?;
        let mut error = Error::new(kind, code);
        error.0.args = texts_of(value, "args");
        error.0.labels = texts_of(value, "labels");
        error.0.field = text("field").map(str::to_owned);
        Some(error)
    }

    fn fill(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (name, value) in &self.0.args {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = self.field_path() {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message())?;
        if let Some(source) = &self.0.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

/// The texts of an object inside the wire form.
fn texts_of(value: &serde_json::Value, name: &str) -> BTreeMap<Cow<'static, str>, String> {
    let found = value.get(name).and_then(serde_json::Value::as_object);
    found.into_iter().flatten().map(|(name, text)| (Cow::Owned(name.clone()), text.as_str().unwrap_or_default().to_owned())).collect()
}

/// The words of one error code.
#[derive(serde::Deserialize)]
struct Words {
    message: String,
    next: String,
}

fn texts() -> &'static BTreeMap<String, Words> {
    static TEXTS: OnceLock<BTreeMap<String, Words>> = OnceLock::new();
    TEXTS.get_or_init(|| toml::from_str(include_str!("../../../../assets/texts/errors.en.toml")).unwrap_or_default())
}

/// Every error code that has words, for the test that no code lacks them.
pub fn worded_codes() -> Vec<&'static str> {
    texts().keys().map(String::as_str).collect()
}

thread_local! {
    static CARRIED: std::cell::RefCell<Option<Error>> = const { std::cell::RefCell::new(None) };
}

/// Carries a typed error through serde, which only knows text: [`claim`] gets it back.
pub fn carry<E: serde::de::Error>(error: Error) -> E {
    let text = error.message();
    CARRIED.with(|slot| slot.replace(Some(error)));
    E::custom(text)
}

/// The error that a value type [`carry`]ed out of the deserialisation that just failed.
pub fn claim() -> Option<Error> {
    CARRIED.with(|slot| slot.take())
}
