//! The loopback server: who is let in, what answers carry, how it ends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use daybook_rpc::{Access, Desk, Guard};
use daybook_server::{Server, Token};

/// A server on a free port.
struct Served {
    port: u16,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    folder: tempfile::TempDir,
}

fn serve() -> Served {
    let folder = tempfile::tempdir().expect("folder");
    let desk = Desk::open(&folder.path().join("firm.books"), Access::Write, Guard::default()).expect("desk");
    let server = Server::bind("127.0.0.1:0".parse().expect("address"), Token::of("secret")).expect("server");
    let url = server.url();
    let port = url.split([':', '/']).filter_map(|part| part.parse().ok()).next_back().expect("port");
    assert!(url.ends_with("/#token=secret"));
    let (end, asked) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("runtime");
        runtime.block_on(server.serve_until(Arc::clone(&desk), async { drop(asked.await) })).expect("serving");
    });
    Served { port, end: Some(end), thread: Some(thread), folder }
}

impl Served {
    /// Sends one request as it is written, gives the whole answer.
    fn send(&self, request: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port))).expect("connection");
        stream.set_read_timeout(Some(Duration::from_secs(40))).expect("timeout");
        let request = request.replace("PORT", &self.port.to_string());
        write!(stream, "{request}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).expect("request");
        // A server that refuses early may hang up before it has read everything.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
    fn status(&self, request: &str) -> u16 {
        let answer = self.send(request, b"{}");
        answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{request}: {answer}"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

const CALL: &str = "POST /rpc/status HTTP/1.1\r\nHost: 127.0.0.1:PORT";

#[test]
fn only_who_has_the_token_and_comes_from_here_is_let_in() {
    let served = serve();
    assert_eq!(served.status(&format!("{CALL}\r\nAuthorization: Bearer secret")), 200);
    assert_eq!(served.status(&format!("{CALL}\r\nAuthorization: Bearer secret\r\nOrigin: http://localhost:PORT")), 200);
    assert_eq!(served.status(CALL), 401);
    for token in ["", "Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "Basic secret"] {
        assert_eq!(served.status(&format!("{CALL}\r\nAuthorization: {token}")), 401, "{token}");
    }
    for origin in ["http://evil.example", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "null"] {
        assert_eq!(served.status(&format!("{CALL}\r\nAuthorization: Bearer secret\r\nOrigin: {origin}")), 403, "{origin}");
    }
    for host in ["evil.example:PORT", "127.0.0.1", "127.0.0.1.evil.example:PORT", "localhost:1"] {
        let call = format!("POST /rpc/status HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer secret");
        assert_eq!(served.status(&call), 403, "{host}");
        assert_eq!(served.status(&format!("GET / HTTP/1.1\r\nHost: {host}")), 403, "{host}");
    }
}

#[test]
fn every_answer_carries_the_policy_and_calls_are_not_kept() {
    let served = serve();
    let page = served.send("GET / HTTP/1.1\r\nHost: localhost:PORT", b"");
    let call = served.send(&format!("{CALL}\r\nAuthorization: Bearer secret"), b"");
    for answer in [&page, &call] {
        for header in ["content-security-policy: default-src 'none'; script-src 'self'", "frame-ancestors 'none'", "x-content-type-options: nosniff"] {
            assert!(answer.contains(header), "{header} in {answer}");
        }
    }
    assert!(page.contains("text/html") && page.contains("Daybook"));
    assert!(call.contains("cache-control: no-store") && call.contains("\"company\":null"));
    assert_eq!(served.status("GET /../Cargo.toml HTTP/1.1\r\nHost: localhost:PORT"), 404);
    assert_eq!(served.status("GET /rpc/status HTTP/1.1\r\nHost: localhost:PORT\r\nAuthorization: Bearer secret"), 405);
}

#[test]
fn errors_are_typed_and_requests_are_bounded() {
    let served = serve();
    let lost = served.send("POST /rpc/nothing HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAuthorization: Bearer secret", b"{}");
    assert!(lost.starts_with("HTTP/1.1 404") && lost.contains("\"code\":\"rpc.unknown_method\""), "{lost}");
    let large = served.send(&format!("{CALL}\r\nAuthorization: Bearer secret"), &vec![b' '; 9 * 1024 * 1024]);
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("rpc.too_large"), "{large}");
    let named = "POST /rpc/upload HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAuthorization: Bearer secret\r\nX-File-Name: K%C3%A4se.csv";
    let upload = served.send(named, b"a,b\n1,2\n");
    assert!(upload.contains("\"name\":\"Käse.csv\"") && upload.contains("\"size\":8"), "{upload}");
}

#[test]
fn other_computers_are_not_served() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        assert!(Server::bind(address.parse().expect("address"), Token::random()).is_err(), "{address}");
    }
    assert_ne!(Token::random().text(), Token::random().text());
}

#[test]
fn asked_to_end_it_lets_who_waits_go() {
    let mut served = serve();
    let create = b"{\"name\":\"identity.create_company\",\"args\":{\"name\":\"Acme\",\"country\":\"GB\",\"currency\":\"GBP\"}}";
    let made = served.send("POST /rpc/execute HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAuthorization: Bearer secret", create);
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    assert!(served.folder.path().join("firm.books").exists());
    let end = served.end.take().expect("end");
    let ending = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(end);
    });
    let started = std::time::Instant::now();
    let poll = "POST /rpc/changes HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAuthorization: Bearer secret";
    let news = served.send(poll, b"{\"after\": 1000, \"wait_ms\": 25000}");
    let news = if news.contains("\"changed\":[\"") { served.send(poll, b"{\"after\": 5, \"wait_ms\": 25000}") } else { news };
    ending.join().expect("ending");
    served.thread.take().expect("thread").join().expect("a clean end");
    assert!(started.elapsed() < Duration::from_secs(10), "{news}");
}
