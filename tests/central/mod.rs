//! The central server over real HTTP on a loopback address, with tenants in files and on PostgreSQL.

mod copies;
mod events;
mod exchange;
mod files;
mod isolation;
mod limits;
mod mirror;
mod newcomers;
mod operator;
mod people;
mod positions;
mod roles;
mod scan;
mod sync;
mod tokens;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybook_core::app::system_clock;
use daybook_core::db::PgPool;
use daybook_core::shared::Instant;
use daybook_core::shared::id::CommandId;
use daybook_server::central::{Central, CentralServer, NewTenant, Place, Settings, Timer, provision};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{database, tenant_name};

pub const PASSWORD: &str = "seven quiet harbours";

/// A running server.
pub struct Served {
    pub central: Arc<Central>,
    pub place: Place,
    pub timer: Timer,
    pub folder: Arc<TempDir>,
    pub address: SocketAddr,
    /// Milliseconds by which the server's clock is ahead.
    pub ahead: Arc<AtomicI64>,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Value,
    pub text: String,
}

impl Reply {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{}: ", name.to_lowercase());
        self.head.lines().find_map(|line| line.to_lowercase().starts_with(&prefix).then(|| line[prefix.len()..].trim()))
    }
}

/// Where tenants can be kept: in files, and on PostgreSQL where there is a server.
pub fn places(folder: &Path) -> Vec<Place> {
    let files = Place::files(folder).expect("folder");
    let postgres = std::env::var("DAYBOOK_TEST_POSTGRES").ok().map(|url| postgres(&url));
    [Some(files), postgres].into_iter().flatten().collect()
}

pub fn postgres(url: &str) -> Place {
    Place::Postgres(PgPool::new(url, 2).expect("pool"))
}

/// Runs `test` against a server with each kind of place.
pub fn each_place(test: impl Fn(&Served)) {
    each_place_with(&Settings::default(), test);
}

/// The same with other settings.
pub fn each_place_with(settings: &Settings, test: impl Fn(&Served)) {
    let probe = tempfile::tempdir().expect("folder");
    for number in 0..places(probe.path()).len() {
        test(&serve(number, settings.clone()));
    }
}

/// The same where no other test has tenants, for what looks at all that a server has.
pub fn each_place_alone(test: impl Fn(&Served)) {
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let files = Place::files(folder.path()).expect("folder");
    for place in [Some(files), database().map(|url| postgres(&url))].into_iter().flatten() {
        test(&serve_at(Arc::clone(&folder), place, Settings::default()));
    }
}

/// A server with the `number`th kind of place.
pub fn serve(number: usize, settings: Settings) -> Served {
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let place = places(folder.path()).swap_remove(number);
    serve_at(folder, place, settings)
}

/// A server of the tenants at `place`, with the keys in `folder`.
pub fn serve_at(folder: Arc<TempDir>, place: Place, settings: Settings) -> Served {
    let ahead = Arc::new(AtomicI64::new(0));
    let (clock, shift) = (system_clock(), Arc::clone(&ahead));
    let timer: Timer = Arc::new(move || Instant::from_millis(clock().millis() + shift.load(Ordering::Relaxed)));
    let central = Central::new(folder.path(), place.clone(), settings, Arc::clone(&timer)).expect("central");
    let server = CentralServer::bind("127.0.0.1:0".parse().expect("address")).expect("server");
    let address = server.address();
    let (end, asked) = tokio::sync::oneshot::channel();
    let shared = Arc::clone(&central);
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(server.serve_until(&shared, async { drop(asked.await) })).expect("serving");
    });
    Served { central, place, timer, folder, address, ahead, end: Some(end), thread: Some(thread) }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Served {
    /// Sends bytes as they are, gives the whole answer.
    pub fn send(&self, head: &str, body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("timeout");
        let request = format!("{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        // A server that refuses early may hang up before it has read everything.
        let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.write_all(body));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        read_reply(&answer)
    }
    pub fn request(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Reply {
        let bearer = token.map(|token| format!("\r\nAuthorization: Bearer {token}")).unwrap_or_default();
        self.send(&format!("{method} {path} HTTP/1.1{bearer}"), body.map(Value::to_string).unwrap_or_default().as_bytes())
    }
    pub fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.request("POST", path, Some(token), Some(&body))
    }
    pub fn get(&self, path: &str, token: &str) -> Reply {
        self.request("GET", path, Some(token), None)
    }
    /// A tenant that is there already; its owner is signed in.
    pub fn known(&self, name: &str, email: &str) -> Firm<'_> {
        let owner = self.sign_in(name, email, PASSWORD);
        assert_eq!(owner.status, 200, "{owner:?}");
        Firm { served: self, name: name.to_owned(), email: email.to_owned(), owner: Grant::of(&owner) }
    }
    /// A new tenant with a British company; its owner is signed in.
    pub fn firm(&self, company: &str) -> Firm<'_> {
        let name = tenant_name();
        let email = format!("owner@{name}.example");
        let facts = json!({"name": company, "country": "GB", "currency": "GBP", "owner": "Olga Owner"});
        let new = NewTenant { name: name.clone(), company: Some(facts), owner_email: email.clone(), password: Some(PASSWORD.to_owned()) };
        provision(&self.place, &self.timer, new).expect("tenant");
        let owner = self.sign_in(&name, &email, PASSWORD);
        assert_eq!(owner.status, 200, "{owner:?}");
        Firm { served: self, name, email, owner: Grant::of(&owner) }
    }
    pub fn sign_in(&self, tenant: &str, email: &str, password: &str) -> Reply {
        self.request("POST", &format!("/v1/{tenant}/sign-in"), None, Some(&json!({"email": email, "password": password})))
    }
    pub fn wait(&self, seconds: i64) {
        self.ahead.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

fn read_reply(answer: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    Reply { status, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_default(), text: body.to_owned() }
}

/// Being signed in.
#[derive(Clone, Debug)]
pub struct Grant {
    pub access: String,
    pub refresh: String,
    pub session: String,
    pub user: String,
}

impl Grant {
    pub fn of(reply: &Reply) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let body = &reply.body;
        Grant { access: text(&body["access_token"]), refresh: text(&body["refresh_token"]), session: text(&body["session"]), user: text(&body["user"]["id"]) }
    }
}

/// A tenant of a running server.
pub struct Firm<'s> {
    pub served: &'s Served,
    pub name: String,
    pub email: String,
    pub owner: Grant,
}

impl Firm<'_> {
    pub fn path(&self, tail: &str) -> String {
        format!("/v1/{}/{tail}", self.name)
    }
    /// Executes a command as the owner; it must succeed.
    #[track_caller]
    pub fn run(&self, name: &str, args: Value) -> Value {
        let reply = self.served.post(&self.path(&format!("rpc/{name}")), &self.owner.access, args);
        assert_eq!(reply.status, 200, "{name}: {}", reply.text);
        reply.body["result"].clone()
    }
    /// A person with this role, invited and signed in with a password of their own.
    pub fn person(&self, role: &str) -> Grant {
        self.invited(role).1
    }
    /// The same, with the name to sign in with.
    pub fn invited(&self, role: &str) -> (String, Grant) {
        let email = format!("{role}-{}@acme.example", CommandId::mint());
        let person = self.run("identity.save_user", json!({"name": role, "role": role, "email": email}));
        let id = person["id"].as_str().expect("id");
        let invited = self.served.post(&self.path(&format!("users/{id}/invite")), &self.owner.access, json!({}));
        assert_eq!(invited.status, 200, "{invited:?}");
        let given = json!({"email": email, "password": invited.body["password"], "new_password": PASSWORD});
        let granted = self.served.request("POST", &self.path("sign-in"), None, Some(&given));
        assert_eq!(granted.status, 200, "{granted:?}");
        (email, Grant::of(&granted))
    }
    /// Registers a new device in the session of `grant`.
    pub fn device(&self, grant: &Grant, key: &SigningKey) -> (String, Reply) {
        let id = CommandId::mint().to_string();
        let reply = self.register(grant, &id, key);
        (id, reply)
    }
    /// Registers a device with its own id.
    pub fn register(&self, grant: &Grant, id: &str, key: &SigningKey) -> Reply {
        let asked = self.served.post(&self.path("devices/challenge"), &grant.access, json!({"id": id}));
        let challenge = asked.body["challenge"].as_str().unwrap_or_default().to_owned();
        let signature = key.sign(format!("daybook device {challenge}").as_bytes()).to_bytes();
        let args = json!({"id": id, "name": "Laptop", "key": encode(key.verifying_key().as_bytes()), "challenge": challenge, "signature": encode(&signature)});
        self.served.post(&self.path("devices"), &grant.access, args)
    }
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64")
}
