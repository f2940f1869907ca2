//! What this program sends with: a mail server, brokers. They belong to the machine that delivers, not to
//! the books, and are read from its environment.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use daybook_core::shared::{Error, Result};
use lettre::message::Mailbox;
use url::Url;

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// By TLS from the first byte (`smtps://`).
    Tls,
    /// By STARTTLS, never without (`smtp://`).
    StartTls,
    /// Not at all (`smtp+plain://`); only to this very machine.
    None,
}

/// A mail server that takes mail from this program.
#[derive(Clone)]
pub struct MailServer {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Name and password to sign in with, if it wants them.
    pub login: Option<(String, String)>,
    /// Who sends: an address, with or without a name.
    pub from: Mailbox,
}

/// Without the password: what is printed for a log must not tell it.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailServer").field("host", &self.host).field("port", &self.port).field("security", &self.security).finish_non_exhaustive()
    }
}

/// What this program sends with.
#[derive(Clone)]
pub struct Settings {
    /// The mail server.
    pub mail: Option<MailServer>,
    /// The address of a RabbitMQ server, with user and password: `amqps://…`.
    pub rabbitmq: Option<String>,
    /// The address of a NATS server: `tls://…`.
    pub nats: Option<String>,
    /// The longest that a receiver may take: for the whole of a web request, for each step of a mail.
    pub patience: Duration,
    /// Private addresses that webhooks may reach all the same. Tests only.
    #[doc(hidden)]
    pub reachable: Vec<SocketAddr>,
}

/// Without addresses: they hold passwords.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("mail", &self.mail).finish_non_exhaustive()
    }
}

/// Nothing to send with but webhooks, and ten seconds of patience.
impl Default for Settings {
    fn default() -> Self {
        Settings { mail: None, rabbitmq: None, nats: None, patience: Duration::from_secs(10), reachable: Vec::new() }
    }
}

impl Settings {
    /// Reads the settings that `get` finds: `DAYBOOK_SMTP_URL`, `DAYBOOK_SMTP_FROM`, `DAYBOOK_SMTP_USER`,
    /// `DAYBOOK_SMTP_PASSWORD` or `DAYBOOK_SMTP_PASSWORD_FILE`, `DAYBOOK_RABBITMQ_URL`, `DAYBOOK_NATS_URL`.
    /// `event.setting` names the one that cannot be read.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let get = |name: &str| get(name).filter(|text| !text.is_empty());
        let mail = get("DAYBOOK_SMTP_URL").map(|url| mail_server(&url, &get)).transpose()?;
        Ok(Settings { mail, rabbitmq: get("DAYBOOK_RABBITMQ_URL"), nats: get("DAYBOOK_NATS_URL"), ..Settings::default() })
    }
    /// The settings of this process' environment.
    pub fn from_environment() -> Result<Self> {
        Settings::read(|name| std::env::var(name).ok())
    }
}

fn bad(name: &str, detail: impl fmt::Display) -> Error {
    Error::invalid("event.setting").arg("name", name).arg("detail", detail)
}

fn mail_server(url: &str, get: impl Fn(&str) -> Option<String>) -> Result<MailServer> {
    let wrong = |detail: &str| bad("DAYBOOK_SMTP_URL", detail);
    let url = Url::parse(url).map_err(|e| bad("DAYBOOK_SMTP_URL", e))?;
    let (security, usual) = match url.scheme() {
        "smtps" => (Security::Tls, 465),
        "smtp" => (Security::StartTls, 587),
        "smtp+plain" => (Security::None, 25),
        _ => return Err(wrong("it begins with smtps://, smtp:// or smtp+plain://")),
    };
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?.trim_matches(['[', ']']).to_owned();
    if security == Security::None && !is_this_machine(&host) {
        return Err(wrong("only to this machine is mail sent without protection"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("user and password have settings of their own"));
    }
    let from = get("DAYBOOK_SMTP_FROM").ok_or_else(|| bad("DAYBOOK_SMTP_FROM", "it is missing"))?;
    let from = Mailbox::from_str(&from).map_err(|e| bad("DAYBOOK_SMTP_FROM", e))?;
    let login = get("DAYBOOK_SMTP_USER").map(|user| Ok((user, password(&get)?))).transpose()?;
    Ok(MailServer { host, port: url.port().unwrap_or(usual), security, login, from })
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn password(get: impl Fn(&str) -> Option<String>) -> Result<String> {
    if let Some(file) = get("DAYBOOK_SMTP_PASSWORD_FILE") {
        let text = std::fs::read_to_string(&file).map_err(|e| bad("DAYBOOK_SMTP_PASSWORD_FILE", e))?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    get("DAYBOOK_SMTP_PASSWORD").ok_or_else(|| bad("DAYBOOK_SMTP_PASSWORD", "it is missing"))
}
