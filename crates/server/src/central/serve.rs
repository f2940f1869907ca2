//! Listening and serving: bounded headers, bounded patience, and an end that lets running calls finish.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use super::peer::Peer;
use super::{Shared, router, scan};

/// The most bytes of a request's first line and headers.
const HEADERS_MAX: usize = 16 * 1024;
/// Headers have to arrive within this time.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
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
        let mut end = std::pin::pin!(end);
        tracing::info!(address = %self.address, "listening");
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => drop(tokio::spawn(graceful.watch(connection(stream, peer, routes.clone())))),
                    // Too many open files, or a client that went away: others may still be served.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                () = &mut end => break,
            }
        }
        drop(listener);
        scans.abort();
        let finished = tokio::time::timeout(END_TIMEOUT, graceful.shutdown()).await.is_ok();
        tracing::info!(finished, "ended");
        Ok(())
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
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
        .header_read_timeout(HEADERS_TIMEOUT)
        .max_header_size(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), noted)
}
