//! A central server on a loopback address, with one firm, and laptops that join it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use daybook_core::app::{App, system_clock};
use daybook_core::db::{Mode, PgPool};
use daybook_server::central::{Central, CentralServer, NewTenant, Place, Rates, Settings, Tenant, Timer, provision};
use daybook_sync::Driver;
use daybook_sync::connect::{Address, Password, join};
use daybook_sync::http::HttpRoad;
use serde_json::json;
use tempfile::TempDir;

use crate::Outcome;

/// How many were opened.
static OPENED: AtomicUsize = AtomicUsize::new(0);
const EMAIL: &str = "owner@acme.example";
const PASSWORD: &str = "seven quiet harbours";

/// A server with a firm.
pub struct Office {
    central: Arc<Central>,
    /// Its firm's name there; a server of PostgreSQL may have those of other parts and runs.
    name: String,
    address: SocketAddr,
    _folder: TempDir,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Office {
    /// Opens one: in a file, or on the PostgreSQL server of `postgres`.
    pub fn open(postgres: Option<&str>) -> Outcome<Self> {
        Self::prepared(postgres, |_| Ok(()))
    }
    /// The same; `prepare` may write to the firm's books file before anybody works on it.
    pub fn prepared(postgres: Option<&str>, prepare: impl FnOnce(&Path) -> Outcome<()>) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("daybook-bench-").tempdir()?;
        let place = match postgres {
            Some(url) => Place::Postgres(PgPool::new(url, 8)?),
            None => Place::files(folder.path())?,
        };
        let timer: Timer = Arc::from(system_clock());
        let name = format!("acme-{}-{}", std::process::id(), OPENED.fetch_add(1, Ordering::Relaxed));
        let firm = json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"});
        let new = NewTenant { name: name.clone(), company: Some(firm), owner_email: EMAIL.to_owned(), password: Some(PASSWORD.to_owned()) };
        provision(&place, &timer, new)?;
        prepare(&folder.path().join("tenants").join(format!("{name}.books")))?;
        let rates = Rates { sign_ins_account: 1_000, sign_ins_address: 1_000, calls: 1_000_000, ..Rates::default() };
        let settings = Settings { body_max: 64 * 1024 * 1024, rates, ..Settings::default() };
        let central = Central::new(folder.path(), place, settings, timer)?;
        let server = CentralServer::bind("127.0.0.1:0".parse()?)?;
        let address = server.address();
        let (end, asked) = tokio::sync::oneshot::channel();
        let shared = Arc::clone(&central);
        let thread = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() else { return };
            if let Err(error) = runtime.block_on(server.serve_until(&shared, async { drop(asked.await) })) {
                eprintln!("error: server: {error}");
            }
        });
        Ok(Office { central, name, address, _folder: folder, end: Some(end), thread: Some(thread) })
    }
    /// The firm's books on the server.
    pub fn tenant(&self) -> Outcome<Arc<Tenant>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(self.central.tenants().get(&self.name))?)
    }
    /// A laptop joins.
    pub fn laptop(&self, name: &str) -> Outcome<Laptop> {
        let folder = tempfile::Builder::new().prefix("daybook-bench-").tempdir()?;
        let path = folder.path().join("firm.books");
        let address = Address { server: format!("http://{}", self.address), tenant: self.name.clone(), email: EMAIL.to_owned(), device_name: name.to_owned() };
        join(&path, &address, &Password { current: PASSWORD, new: None })?;
        let app = App::open(&path, Mode::Write, system_clock())?;
        let driver = Driver::new(app.followed()?.cursor);
        Ok(Laptop { app, road: HttpRoad::open(&path)?, driver, _folder: folder })
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A laptop of the firm.
pub struct Laptop {
    /// Its books.
    pub app: App,
    /// Its road to the server.
    pub road: HttpRoad,
    /// Its driver.
    pub driver: Driver,
    _folder: TempDir,
}
