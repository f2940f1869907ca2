//! A web server and a mail server of a few lines, each on a port of its own, that note what they get.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What arrived: for the web the head and the body, for mail the envelope and the text.
pub type Arrived = (String, String);

/// A server that runs until the tests end.
pub struct Receiver {
    pub address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Receiver {
    /// What arrived so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
    /// The address of a web server.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }
    fn start(serve: impl Fn(TcpStream, &Mutex<Vec<Arrived>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, arrived, serve) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Arrived>>>::default(), Arc::new(serve));
        let kept = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, serve) = (Arc::clone(&kept), Arc::clone(&serve));
                std::thread::spawn(move || serve(stream, &kept));
            }
        });
        Receiver { address, arrived }
    }
}

/// A web server: `answer` sees the head and the body, and writes the whole answer.
pub fn web(answer: impl Fn(&Arrived, &mut TcpStream) + Send + Sync + 'static) -> Receiver {
    Receiver::start(move |mut stream, kept| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let request = (head, String::from_utf8(body).unwrap());
        kept.lock().unwrap().push(request.clone());
        answer(&request, &mut stream);
    })
}

/// A web server that always answers `status`.
pub fn answering(status: u16) -> Receiver {
    web(move |_, stream| reply(stream, status))
}

pub fn reply(stream: &mut TcpStream, status: u16) {
    let _ = write!(stream, "HTTP/1.1 {status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

/// The value of a header.
pub fn header(head: &str, name: &str) -> String {
    head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name))).unwrap_or_default().1.to_owned()
}

/// A mail server that answers the end of the data with `verdict` of the receivers, and refuses those whose
/// address begins with `no`.
pub fn smtp(verdict: impl Fn(&str) -> &'static str + Send + Sync + 'static) -> Receiver {
    Receiver::start(move |mut stream, kept| {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let (mut envelope, mut say) = (String::new(), |text: &str| write!(stream, "{text}\r\n").is_ok());
        say("220 here");
        while let Some(Ok(line)) = lines.next() {
            let told = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
                "EHLO" => say("250-here\r\n250 8BITMIME"),
                "RCPT" if line.contains("<no") => say("550 5.1.1 no such box"),
                "MAIL" | "RCPT" => {
                    envelope.push_str(&line);
                    say("250 ok")
                }
                "DATA" => {
                    say("354 go on");
                    let data: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                    kept.lock().unwrap().push((envelope.clone(), data.join("\n")));
                    say(verdict(&envelope))
                }
                "QUIT" => !say("221 bye"),
                _ => say("250 ok"),
            };
            if !told {
                return;
            }
        }
    })
}
