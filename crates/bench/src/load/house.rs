//! A central server in a process of its own, so that its memory is its own, and the seats that its
//! clients take without signing in.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybook_core::access::{Session, device, session};
use daybook_core::app::{App, Call, system_clock};
use daybook_core::db::PgPool;
use daybook_core::shared::Instant;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::id::CommandId;
use daybook_server::central::{Central, CentralServer, NewTenant, Place, Rates, Settings, Timer, provision};
use serde_json::json;

use crate::Outcome;

/// The word that makes this program the server: `serve DIR OPEN [POSTGRES]`.
pub const WORD: &str = "--serve";
const PASSWORD: &str = "seven quiet harbours";
/// How many connections to PostgreSQL a server has.
const CONNECTIONS: usize = 16;

/// A server process.
pub struct House {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl House {
    /// Starts one; it answers when this returns.
    pub fn open(data: &Path, tenants_open: usize, postgres: Option<&str>) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(WORD).arg(data).arg(tenants_open.to_string()).args(postgres).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        Ok(House { child, address: line.trim().to_owned() })
    }
    /// The process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
    /// Its memory (RSS) and open files now, and the most memory it had, in MB.
    pub fn memory(&self) -> Outcome<(f64, f64, usize)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.trim().trim_end_matches(" kB").trim().parse::<f64>().ok())
        };
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count();
        Ok((of("VmRSS:").ok_or("no VmRSS")? / 1000.0, of("VmHWM:").ok_or("no VmHWM")? / 1000.0, files))
    }
}

/// What a process has used of processors so far, all its threads together; Linux only.
pub fn processor_time(process: u32) -> Outcome<Duration> {
    let mut sum = Duration::ZERO;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread may have ended meanwhile.
        let Ok(text) = std::fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        sum += Duration::from_nanos(text.split(' ').next().unwrap_or_default().parse()?);
    }
    Ok(sum)
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the server process does: serves until it is killed. `words` are those after [`WORD`].
pub fn serve(words: &[String]) -> Outcome<()> {
    let data = Path::new(words.first().ok_or("no folder")?);
    let rates = Rates { sign_ins_account: u32::MAX, sign_ins_address: u32::MAX, calls: u32::MAX, pieces: u32::MAX };
    let settings = Settings { rates, tenants_open: words.get(1).ok_or("no count")?.parse()?, ..Settings::default() };
    let central = Central::new(data, place(data, words.get(2).map(String::as_str))?, settings, timer())?;
    let server = CentralServer::bind("127.0.0.1:0".parse()?)?;
    println!("{}", server.address());
    Ok(server.run(central)?)
}

/// Where tenants are.
pub fn place(data: &Path, postgres: Option<&str>) -> Outcome<Place> {
    Ok(match postgres {
        Some(url) => Place::Postgres(PgPool::new(url, CONNECTIONS)?),
        None => Place::files(data)?,
    })
}

/// The system's clock.
pub fn timer() -> Timer {
    std::sync::Arc::from(system_clock())
}

/// Makes a tenant with a firm in it.
pub fn add(place: &Place, name: &str) -> Outcome<()> {
    let firm = json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"});
    let email = format!("owner@{name}.example");
    let new = NewTenant { name: name.to_owned(), company: Some(firm), owner_email: email, password: Some(PASSWORD.to_owned()) };
    provision(place, &timer(), new)?;
    Ok(())
}

/// A device of the owner with a session, as signing in leaves it; its refresh token.
pub fn seat(app: &App, n: usize) -> Outcome<String> {
    let (user, now): (UserId, Instant) = (app.actor(), app.now());
    let (device, session_id): (DeviceId, session::SessionId) = (CommandId::mint().cast(), CommandId::mint().cast());
    let secret = *blake3::hash(&session_id.bytes()).as_bytes();
    let begun = Session {
        id: session_id,
        user,
        device: Some(device),
        current: blake3::hash(&secret).as_bytes().to_vec(),
        previous: Vec::new(),
        started_at: now,
        rotated_at: now,
        expires: Instant::from_millis(now.millis() + 86_400_000),
        revoked_at: None,
    };
    app.execute(Call::new("identity.register_device", json!({"id": device, "name": format!("Laptop {n}")})))?;
    app.storage().write(|tx| {
        device::register(tx, device, blake3::hash(&device.bytes()).as_bytes(), user, now)?;
        session::begin(tx, &begun)
    })?;
    let bytes: [u8; 16] = session_id.bytes();
    Ok(URL_SAFE_NO_PAD.encode([bytes.as_slice(), &secret].concat()))
}
