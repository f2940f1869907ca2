//! HTTP as thousands of clients in one process speak it: requests with a whole body, and event streams.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::load::Fault;

/// A connection; a request with a body takes a new one.
pub struct Wire {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Wire {
    /// Connects.
    pub async fn open(address: &str) -> Result<Self, Fault> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream: BufReader::with_capacity(2048, stream), address: address.to_owned() })
    }
    /// Posts and reads the whole answer.
    pub async fn post(&mut self, path: &str, token: &str, media: &str, body: &[u8]) -> Result<Vec<u8>, Fault> {
        // The server hangs up on who is silent for ten seconds.
        *self = Wire::open(&self.address).await?;
        let length = body.len();
        self.send(&format!("POST {path} HTTP/1.1"), token, &format!("Content-Type: {media}\r\nContent-Length: {length}\r\n")).await?;
        self.stream.write_all(body).await?;
        let (status, length) = self.head().await?;
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).await?;
        if status == 200 { Ok(answer) } else { Err(format!("{path}: {status} {}", String::from_utf8_lossy(&answer)).into()) }
    }
    /// Begins to read an event stream.
    pub async fn listen(&mut self, path: &str, token: &str) -> Result<(), Fault> {
        self.send(&format!("GET {path} HTTP/1.1"), token, "").await?;
        let (status, _) = self.head().await?;
        if status == 200 { Ok(()) } else { Err(format!("{path}: {status}").into()) }
    }
    /// Waits for the next event.
    pub async fn news(&mut self) -> Result<(), Fault> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err("the stream ended".into());
            }
            if line.starts_with("event: news") {
                return Ok(());
            }
        }
    }

    async fn send(&mut self, first: &str, token: &str, more: &str) -> Result<(), Fault> {
        let head = format!("{first}\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n{more}\r\n", self.address);
        Ok(self.stream.write_all(head.as_bytes()).await?)
    }
    /// The status and the length of the body.
    async fn head(&mut self) -> Result<(u16, usize), Fault> {
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err("the server hung up".into());
            }
            let text = line.trim().to_ascii_lowercase();
            if let Some(rest) = text.strip_prefix("http/1.1 ") {
                status = rest.get(..3).unwrap_or_default().parse()?;
            } else if let Some(rest) = text.strip_prefix("content-length:") {
                length = rest.trim().parse()?;
            } else if text.is_empty() {
                return Ok((status, length));
            }
        }
    }
}
