//! The desk over HTTP: the built interface and the one door, for a browser on the same computer.
//!
//! Only loopback addresses are served. Every call needs the token of the printed address, and the
//! `Host` and `Origin` of this very server: a page elsewhere can neither guess the one nor forge the
//! others (DNS rebinding, cross-site requests).

mod door;
mod guard;
mod pages;
mod token;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use daybook_rpc::Desk;
use tokio::net::TcpListener;

pub use self::token::Token;

/// What every request sees.
#[derive(Clone)]
struct Counter {
    desk: Arc<Desk>,
    token: Token,
    port: u16,
}

/// A server that listens already and serves once it [runs](Server::run).
pub struct Server {
    listener: std::net::TcpListener,
    address: SocketAddr,
    token: Token,
}

impl Server {
    /// Listens on a loopback address; port 0 takes a free one. Other addresses are refused.
    pub fn bind(listen: SocketAddr, token: Token) -> io::Result<Self> {
        if !listen.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{listen} is not a loopback address; use 127.0.0.1:PORT")));
        }
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Server { listener, address, token })
    }
    /// The address to open, with the token.
    pub fn url(&self) -> String {
        format!("http://{}/#token={}", self.address, self.token.text())
    }
    /// Serves `desk` until the process is asked to end (Ctrl-C, SIGTERM).
    pub fn run(self, desk: Arc<Desk>) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(self.serve_until(desk, asked_to_end()))
    }
    /// Serves `desk` until `end` is over, then lets running calls finish.
    pub async fn serve_until(self, desk: Arc<Desk>, end: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let counter = Counter { desk: Arc::clone(&desk), token: self.token, port: self.address.port() };
        let listener = TcpListener::from_std(self.listener)?;
        let ended = async move {
            end.await;
            desk.close();
        };
        axum::serve(listener, router(counter)).with_graceful_shutdown(ended).await
    }
}

fn router(counter: Counter) -> Router {
    Router::new()
        .route("/rpc/upload", post(door::upload))
        .route("/rpc/{method}", post(door::call))
        .fallback(get(pages::page))
        .layer(from_fn_with_state(counter.clone(), guard::guard))
        .with_state(counter)
}

/// Ctrl-C or SIGTERM.
pub async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
