//! The road over HTTP. Access tokens live for minutes and are renewed by the seat's refresh token, which
//! is replaced at every use.

use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::shared::error::{Error, Kind, Result};
use serde_json::{Value, json};

use crate::driver::Road;
use crate::pack::{MEDIA, pack, pack_tight, unpack};
use crate::seat::Seat;

/// The largest answer, unpacked.
const ANSWER_MAX: usize = 256 * 1024 * 1024;
/// The largest packed answer.
const PACKED_MAX: u64 = 64 * 1024 * 1024;

/// A road to a server over HTTP, for the person and device of a seat.
pub struct HttpRoad {
    agent: ureq::Agent,
    books: PathBuf,
    seat: Seat,
    access: Option<String>,
    /// Whether somebody gave a password on it.
    signed_in: bool,
}

/// Listens for news of a server.
pub struct Listener {
    agent: ureq::Agent,
    address: String,
    token: String,
}

impl Listener {
    /// Reads the server's event stream until there is news.
    pub fn wait(self) -> Result<()> {
        let request = self.agent.get(&self.address).header("authorization", format!("Bearer {}", self.token)).header("accept", "text/event-stream");
        let mut answer = request.call().map_err(unreachable)?;
        let broken = |e: std::io::Error| Error::new(Kind::Busy, "sync.unreachable").caused_by(e);
        if answer.status().as_u16() != 200 {
            return Err(garbled(answer.status()));
        }
        for line in std::io::BufReader::new(answer.body_mut().as_reader()).lines() {
            if line.map_err(broken)?.starts_with("event: news") {
                return Ok(());
            }
        }
        Err(garbled("the stream ended"))
    }
}

/// What signing in gives.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person's id.
    pub user: String,
    /// The person's name.
    pub name: String,
}

impl HttpRoad {
    /// The road of the seat of `books`. `sync.no_seat` when they have none.
    pub fn open(books: &Path) -> Result<Self> {
        let seat = Seat::read(books)?.ok_or_else(|| Error::new(Kind::State, "sync.no_seat"))?;
        Ok(Self::new(books, seat))
    }
    /// A road for a seat that is not kept yet.
    pub fn new(books: &Path, seat: Seat) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(300)))
            // The server ends connections that are idle for 10 s; a request on one would be lost.
            .max_idle_age(Duration::from_secs(5))
            .user_agent(concat!("daybook/", env!("CARGO_PKG_VERSION")))
            .build();
        HttpRoad { agent: config.into(), books: books.to_owned(), seat, access: None, signed_in: false }
    }
    /// The seat.
    pub fn seat(&self) -> &Seat {
        &self.seat
    }

    /// Signs in; the tokens are the road's from now on. Not kept until [`HttpRoad::keep`].
    pub fn sign_in(&mut self, password: &str, new_password: Option<&str>) -> Result<SignedIn> {
        let body = json!({ "email": self.seat.email, "password": password, "new_password": new_password });
        let granted = self.ask("sign-in", &body, None)?;
        self.take(&granted)?;
        (self.signed_in, self.seat.locked) = (true, false);
        Ok(SignedIn { user: text(&granted, "/user/id")?, name: text(&granted, "/user/name").unwrap_or_default() })
    }
    /// Proves the device's key: registers it the first time, binds the session to it every time.
    pub fn prove(&mut self, name: &str) -> Result<()> {
        let challenge = text(&self.call("devices/challenge", &json!({ "id": self.seat.device }))?, "/challenge")?;
        let (key, signature) = (self.seat.key()?, self.seat.sign(&challenge)?);
        let body = json!({ "id": self.seat.device, "name": name, "key": key, "challenge": challenge, "signature": signature });
        let answer = self.call("devices", &body)?;
        self.access = Some(text(&answer, "/grant/access_token")?);
        Ok(())
    }
    /// Makes the person of these books the owner of an empty tenant, before the books are sent there.
    pub fn adopt(&mut self, actor: &str) -> Result<()> {
        self.call("sync/adopt", &json!({ "actor": actor })).map(drop)?;
        self.renew()
    }
    /// Ends the session at the server.
    pub fn sign_out(&mut self) -> Result<()> {
        self.call("sign-out", &json!({})).map(drop)
    }
    /// Forgets the tokens and keeps the books closed until somebody signs in again. The device's key stays.
    pub fn lock(&mut self) -> Result<()> {
        (self.access, self.seat.refresh_token, self.seat.locked) = (None, String::new(), true);
        self.seat.write(&self.books)
    }
    /// Keeps the seat beside the books. A seat that was locked meanwhile stays so, unless this road signed in.
    pub fn keep(&self) -> Result<()> {
        if !self.signed_in {
            Seat::check_open(&self.books)?;
        }
        self.seat.write(&self.books)
    }
    /// A listener for the server's news, with the access token of now.
    pub fn listener(&mut self) -> Result<Listener> {
        let token = self.token()?;
        Ok(Listener { agent: self.agent.clone(), address: self.address("sync/poke"), token })
    }

    fn address(&self, path: &str) -> String {
        format!("{}/v1/{}/{path}", self.seat.server.trim_end_matches('/'), self.seat.tenant)
    }
    fn take(&mut self, granted: &Value) -> Result<()> {
        self.access = Some(text(granted, "/access_token")?);
        if let Ok(token) = text(granted, "/refresh_token") {
            self.seat.refresh_token = token;
        }
        Ok(())
    }
    /// A JSON call with the access token.
    fn call(&mut self, path: &str, body: &Value) -> Result<Value> {
        let token = self.token()?;
        match self.ask(path, body, Some(&token)) {
            Err(error) if error.code() == "access.token" => {
                self.renew()?;
                let token = self.token()?;
                self.ask(path, body, Some(&token))
            }
            answer => answer,
        }
    }
    fn token(&mut self) -> Result<String> {
        if self.access.is_none() {
            self.renew()?;
        }
        self.access.clone().ok_or_else(|| Error::new(Kind::Denied, "sync.signed_out"))
    }
    /// Gets the next tokens, and keeps them at once: the old ones are worth nothing any more.
    fn renew(&mut self) -> Result<()> {
        let granted = self.ask("refresh", &json!({ "refresh_token": self.seat.refresh_token }), None);
        let granted = granted.map_err(|e| if e.kind() == Kind::Denied { Error::new(Kind::Denied, "sync.signed_out").caused_by(e) } else { e })?;
        self.take(&granted)?;
        if Seat::file(&self.books).exists() { self.keep() } else { Ok(()) }
    }
    fn ask(&self, path: &str, body: &Value, token: Option<&str>) -> Result<Value> {
        let request = self.agent.post(self.address(path)).header("content-type", "application/json");
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        let mut answer = request.send(body.to_string()).map_err(unreachable)?;
        let status = answer.status().as_u16();
        let bytes = read(&mut answer)?;
        if (200..300).contains(&status) {
            return if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&bytes).map_err(garbled) };
        }
        Err(refusal(status, &bytes))
    }
    /// A packed call with the access token.
    fn packed<T: for<'b> minicbor::Decode<'b, ()>>(&mut self, path: &str, body: &[u8]) -> Result<T> {
        for again in [true, false] {
            let token = self.token()?;
            let request = self.agent.post(self.address(path)).header("content-type", MEDIA).header("authorization", format!("Bearer {token}"));
            let mut answer = request.send(body).map_err(unreachable)?;
            let status = answer.status().as_u16();
            let ours = answer.headers().get("content-type").is_some_and(|media| media == MEDIA);
            let bytes = read(&mut answer)?;
            match status {
                200 if ours => return unpack(&bytes, ANSWER_MAX).map_err(garbled),
                401 if again => self.renew()?,
                _ => return Err(refusal(status, &bytes)),
            }
        }
        Err(Error::new(Kind::Denied, "sync.signed_out"))
    }
    /// Gets a copy of the books for this device into the file at `path`: one that is `kept` if that will do.
    pub fn copy(&mut self, path: &Path, kept: bool) -> Result<()> {
        let made = self.call("sync/snapshot", &json!({ "kept": kept }))?;
        let hash = text(&made, "/hash")?;
        let size = made.get("size").and_then(Value::as_u64).ok_or_else(|| garbled("no size"))?;
        let packed = path.with_extension(format!("{}.zst", hash.get(..16).unwrap_or_default()));
        self.download(&hash, size, &packed)?;
        let unpacked = unpack_file(&packed, path, &hash);
        let _ = std::fs::remove_file(&packed);
        unpacked
    }
    /// Downloads a snapshot piece by piece; a broken download goes on where it stopped.
    fn download(&mut self, hash: &str, size: u64, packed: &Path) -> Result<()> {
        let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", packed.display()).caused_by(e);
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(packed).map_err(failed)?;
        loop {
            let have = file.metadata().map_err(failed)?.len();
            if have >= size {
                return Ok(());
            }
            let token = self.token()?;
            let request = self.agent.get(self.address(&format!("sync/snapshot/{hash}")));
            let request = request.header("authorization", format!("Bearer {token}")).header("range", format!("bytes={have}-"));
            let mut answer = request.call().map_err(unreachable)?;
            match answer.status().as_u16() {
                206 => {}
                401 => {
                    self.renew()?;
                    continue;
                }
                status => return Err(refusal(status, &read(&mut answer)?)),
            }
            let mut reader = answer.body_mut().with_config().limit(size).reader();
            let mut buffer = vec![0; 256 * 1024];
            loop {
                let count = reader.read(&mut buffer).map_err(|e| Error::new(Kind::Busy, "sync.unreachable").caused_by(e))?;
                if count == 0 {
                    break;
                }
                file.write_all(buffer.get(..count).unwrap_or_default()).map_err(failed)?;
            }
        }
    }
}

impl Road for HttpRoad {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        self.packed("sync/hello", &pack(hello)?)
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        self.packed("sync/push", &pack_tight(push)?)
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        self.packed("sync/pull", &pack(pull)?)
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        let commands: Vec<minicbor::bytes::ByteVec> = commands.iter().map(|command| command.to_vec().into()).collect();
        self.packed("sync/fates", &pack(&commands)?)
    }
    fn snapshot(&mut self, path: &Path) -> Result<()> {
        self.copy(path, false)
    }
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>> {
        self.packed("sync/files", &pack(&hashes.to_vec())?)
    }
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord> {
        self.packed("sync/files/piece", &pack(piece)?)
    }
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece> {
        self.packed("sync/files/get", &pack(&(hash.to_owned(), n))?)
    }
}

/// Unpacks a downloaded snapshot, whose packed bytes must have the hash that names them.
fn unpack_file(packed: &Path, path: &Path, hash: &str) -> Result<()> {
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e);
    let mut hasher = daybook_core::app::DumpHash::default();
    std::io::copy(&mut std::fs::File::open(packed).map_err(failed)?, &mut hasher).map_err(failed)?;
    if hasher.finish() != hash {
        return Err(Error::invalid("sync.altered"));
    }
    let mut out = std::fs::File::create(path).map_err(failed)?;
    let source = std::io::BufReader::new(std::fs::File::open(packed).map_err(failed)?);
    zstd::stream::copy_decode(source, &mut out).map_err(failed)?;
    out.sync_all().map_err(failed)
}

fn read(answer: &mut ureq::http::Response<ureq::Body>) -> Result<Vec<u8>> {
    answer.body_mut().with_config().limit(PACKED_MAX).read_to_vec().map_err(unreachable)
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| garbled(format!("no {pointer}")))
}

/// No answer.
fn unreachable(error: ureq::Error) -> Error {
    Error::new(Kind::Busy, "sync.unreachable").caused_by(error)
}

/// An answer that is none of Daybook's: a proxy, a captive portal.
fn garbled(what: impl std::fmt::Display) -> Error {
    Error::new(Kind::Busy, "sync.unreachable").caused_by(what.to_string())
}

/// The error of an answer, or "come back later" when the answer is not Daybook's.
fn refusal(status: u16, bytes: &[u8]) -> Error {
    let ours = serde_json::from_slice::<Value>(bytes).ok().and_then(|value| Error::from_json(&value));
    match ours {
        Some(error) if status != 429 && status < 500 => error,
        Some(error) => Error::new(Kind::Busy, "sync.unreachable").caused_by(error),
        None => garbled(format!("HTTP status {status}")),
    }
}
