//! What is spoken with clamd (clamd(8), INSTREAM): pieces with their length before them, an empty one at the
//! end, one line back. An empty piece before the end would end the stream early and pass what follows, so
//! none is ever sent.

use std::fmt;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use daybook_core::files::scan::Verdict;
use daybook_core::shared::error::{Error, Result};

/// How long it may take to be let in.
const CONNECT: Duration = Duration::from_secs(5);
/// How long clamd may take for one piece.
const PIECE: Duration = Duration::from_secs(30);
/// How long clamd may think.
const ANSWER: Duration = Duration::from_secs(120);
/// The longest answer, in bytes.
const ANSWER_MAX: u64 = 4 * 1024;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// `host:port`.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl FromStr for Clamd {
    type Err = String;
    /// `unix:/run/clamav/clamd.ctl`, the path alone, or `host:port`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let path = text.strip_prefix("unix:").or_else(|| text.starts_with('/').then_some(text));
        match (path, text.rsplit_once(':')) {
            (Some(path), _) => Ok(Clamd::Unix(path.into())),
            (None, Some((host, port))) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(Clamd::Tcp(text.to_owned())),
            _ => Err("write unix:/run/clamav/clamd.ctl, or host:port".to_owned()),
        }
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clamd::Tcp(address) => f.write_str(address),
            Clamd::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A connection of either sort.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

impl Clamd {
    /// What clamd says of the content whose pieces these are, in their order.
    pub fn scan(&self, pieces: impl Iterator<Item = Result<Vec<u8>>>) -> Verdict {
        match self.connect().map_err(|e| e.to_string()).and_then(|mut line| talk(&mut line, pieces)) {
            Ok(answer) => judge(&answer),
            Err(why) => Verdict::Failed(why),
        }
    }
    /// Which program with which signatures it is, as it says itself (`VERSION`): `ClamAV 1.4.3/27800/Wed Nov
    /// 25 09:12:31 2026`. What is wrong with the answer otherwise.
    pub fn version(&self) -> std::result::Result<String, String> {
        let mut line = self.connect().map_err(|e| e.to_string())?;
        line.write_all(b"zVERSION\0").map_err(|e| e.to_string())?;
        let answer = hear(&mut line)?;
        if answer.starts_with("ClamAV ") { Ok(short(&answer)) } else { Err(format!("clamd does not say its version: {}", short(&answer))) }
    }
    fn connect(&self) -> std::io::Result<Box<dyn Line>> {
        match self {
            Clamd::Tcp(address) => {
                let first = address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
                let line = TcpStream::connect_timeout(&first, CONNECT)?;
                line.set_write_timeout(Some(PIECE))?;
                line.set_read_timeout(Some(ANSWER))?;
                Ok(Box::new(line))
            }
            #[cfg(unix)]
            Clamd::Unix(path) => {
                let line = std::os::unix::net::UnixStream::connect(path)?;
                line.set_write_timeout(Some(PIECE))?;
                line.set_read_timeout(Some(ANSWER))?;
                Ok(Box::new(line))
            }
            #[cfg(not(unix))]
            Clamd::Unix(_) => Err(std::io::ErrorKind::Unsupported.into()),
        }
    }
}

/// Streams the pieces; clamd's answer. When clamd hangs up early, its answer says why.
fn talk(line: &mut Box<dyn Line>, pieces: impl Iterator<Item = Result<Vec<u8>>>) -> std::result::Result<String, String> {
    line.write_all(b"zINSTREAM\0").map_err(|e| e.to_string())?;
    for piece in pieces {
        let bytes = piece.map_err(|e: Error| e.to_string())?;
        if bytes.is_empty() {
            continue;
        }
        let length = u32::try_from(bytes.len()).map_err(|e| e.to_string())?;
        if line.write_all(&length.to_be_bytes()).and_then(|()| line.write_all(&bytes)).is_err() {
            return Err(hear(line).unwrap_or_else(|why| why));
        }
    }
    line.write_all(&0_u32.to_be_bytes()).map_err(|e| e.to_string())?;
    hear(line)
}

fn hear(line: &mut Box<dyn Line>) -> std::result::Result<String, String> {
    let mut answer = Vec::new();
    line.take(ANSWER_MAX).read_to_end(&mut answer).map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches(['\0', '\n', '\r']).to_owned())
}

/// `stream: OK` and `stream: NAME FOUND` are answers; everything else is a failure.
fn judge(answer: &str) -> Verdict {
    match answer.strip_prefix("stream: ") {
        Some("OK") => Verdict::Clean,
        Some(found) if found.ends_with(" FOUND") => Verdict::Infected(short(found.trim_end_matches(" FOUND"))),
        _ => Verdict::Failed(if answer.is_empty() { "clamd hung up".to_owned() } else { short(answer) }),
    }
}

/// As much of an answer as is kept.
fn short(answer: &str) -> String {
    answer.chars().take(200).collect()
}
