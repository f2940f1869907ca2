//! Listening and serving: bounded headers, bounded patience, and an end that lets running calls finish.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use daybook_core::shared::error::{Error, Kind, Result};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::exchange::Exchange;
use super::peer::Peer;
use super::{Shared, descriptors, router, scan};

/// The most bytes of a request's first line and headers.
const HEADERS_MAX: usize = 16 * 1024;
/// Somebody who is turned away has so long to read why.
const TURN_AWAY_TIMEOUT: Duration = Duration::from_secs(1);
/// So many are told why at a time; others just find the connection closed.
const TURN_AWAY_MAX: usize = 64;
/// Calls that run when the end is asked for have so long to finish.
const END_TIMEOUT: Duration = Duration::from_secs(20);

/// A central server that listens already and serves once it [runs](CentralServer::run).
pub struct CentralServer {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl CentralServer {
    /// Listens; port 0 takes a free one.
    pub fn bind(listen: SocketAddr) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(CentralServer { listener, address })
    }
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// Serves until the process is asked to end (Ctrl-C, SIGTERM).
    pub fn run(self, central: Shared) -> io::Result<()> {
        descriptors::raise(central.settings.clients_max);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve_until(&central, crate::desk::asked_to_end()))
    }
    /// Serves until `end` is over, then lets running calls finish. The last owner of `central` drops it
    /// outside of any runtime, because connections to PostgreSQL say good-bye when they are closed.
    pub async fn serve_until(self, central: &Shared, end: impl Future<Output = ()> + Send) -> io::Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        let routes = router(Arc::clone(central));
        let graceful = GracefulShutdown::new();
        let scans = tokio::spawn(scan::run(Arc::clone(central)));
        let exchange = Exchange::begin(&central.tenants);
        let mut end = std::pin::pin!(end);
        tracing::info!(address = %self.address, "listening");
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => let_in(stream, peer, central, &routes, &graceful),
                    // Too many open files, or a client that went away: others may still be served.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                () = &mut end => break,
            }
        }
        drop(listener);
        scans.abort();
        central.ending.send_replace(true);
        let finished = tokio::time::timeout(END_TIMEOUT, graceful.shutdown()).await.is_ok();
        exchange.end().await;
        tracing::info!(finished, "ended");
        Ok(())
    }
}

/// The doors: so many may be inside at a time, and all but a tenth of them to listen. Who listens stays, and must not
/// keep out those who ask.
pub struct Doors {
    max: usize,
    inside: Arc<Semaphore>,
    listening: Arc<Semaphore>,
    turned_away: Arc<Semaphore>,
}

impl Doors {
    /// Room for `max` connections.
    pub fn new(max: usize) -> Self {
        let max = max.clamp(1, Semaphore::MAX_PERMITS);
        Doors {
            max,
            inside: Arc::new(Semaphore::new(max)),
            listening: Arc::new(Semaphore::new(max - (max / 10).max(1))),
            turned_away: Arc::new(Semaphore::new(TURN_AWAY_MAX)),
        }
    }
    /// How many are inside.
    pub fn open(&self) -> usize {
        self.max.saturating_sub(self.inside.available_permits())
    }
    /// A place to listen, until it is dropped; `http.full` when there is none.
    pub fn listen(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.listening).try_acquire_owned().map_err(|_| Error::new(Kind::Busy, "http.full"))
    }
}

/// Serves a connection when there is room for it.
fn let_in(stream: TcpStream, peer: SocketAddr, central: &Shared, routes: &Router, graceful: &GracefulShutdown) {
    let doors = &central.doors;
    if let Ok(room) = Arc::clone(&doors.inside).try_acquire_owned() {
        let served = graceful.watch(connection(stream, peer, central.settings.headers_timeout, routes.clone()));
        tokio::spawn(async move {
            let _ = served.await;
            drop(room);
        });
    } else if let Ok(room) = Arc::clone(&doors.turned_away).try_acquire_owned() {
        tokio::spawn(async move {
            let _ = tokio::time::timeout(TURN_AWAY_TIMEOUT, turn_away(stream)).await;
            drop(room);
        });
    }
}

/// Says `http.full`, and reads what comes meanwhile: closing on unread bytes would take the answer away.
async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    let body = Error::new(Kind::Busy, "http.full").to_json().to_string();
    let head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\nconnection: close";
    stream.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    headers_timeout: Duration,
    routes: Router,
) -> http1::Connection<TokioIo<TcpStream>, impl Service<hyper::Request<Incoming>, Response = axum::response::Response, Error = Infallible, Future: Send>> {
    // Small answers are sent at once.
    let _ = stream.set_nodelay(true);
    let routes = TowerToHyperService::new(routes);
    let noted = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        routes.call(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers_timeout)
        .max_header_size(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), noted)
}
