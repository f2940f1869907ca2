//! Files in quarantine: what clamd says, what it does not say, and what nobody gets. Against Debian's clamd
//! where it is installed, and against a clamd of our own that misbehaves.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use daybook_core::files::scan;
use daybook_server::central::{Clamd, Settings};
use daybook_sync::Road;
use serde_json::Value;

use super::files::{attach, hash, pdf, read, word};
use super::sync::Laptop;
use super::{Firm, Served, places, serve};

/// The test file of EICAR, put together when the test runs: no scanner is to find it in this source.
fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE", "!$H+H*"].concat().into_bytes()
}

/// A running clamd with a database of its own, which knows the test file alone.
struct Daemon {
    child: Child,
    socket: PathBuf,
    _folder: tempfile::TempDir,
}

impl Daemon {
    /// `None` where clamd is not installed; `DAYBOOK_TEST_CLAMD` says that it must be.
    fn start() -> Option<Self> {
        let program = std::env::var("DAYBOOK_TEST_CLAMD").unwrap_or_else(|_| "/usr/sbin/clamd".to_owned());
        if !Path::new(&program).exists() {
            assert!(std::env::var("DAYBOOK_TEST_CLAMD").is_err(), "there is no {program}");
            return None;
        }
        let folder = tempfile::tempdir().expect("folder");
        let hex: String = eicar().iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(folder.path().join("test.ndb"), format!("Test.Signature:0:*:{hex}\n")).expect("database");
        let (socket, config) = (folder.path().join("clamd.sock"), folder.path().join("clamd.conf"));
        let home = folder.path().display();
        let lines = format!(
            "Foreground yes\nDatabaseDirectory {home}\nTemporaryDirectory {home}\nLocalSocket {}\nAlertExceedsMax yes\nStreamMaxLength 25M\n",
            socket.display()
        );
        std::fs::write(&config, lines).expect("configuration");
        let quiet = || Stdio::null();
        let child = Command::new(&program).arg("--config-file").arg(&config).stdout(quiet()).stderr(quiet()).spawn().expect("clamd starts");
        let daemon = Daemon { child, socket, _folder: folder };
        until("clamd listens", || std::os::unix::net::UnixStream::connect(&daemon.socket).is_ok());
        Some(daemon)
    }
    fn address(&self) -> Clamd {
        format!("unix:{}", self.socket.display()).parse().expect("address")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Servers with each kind of place, which scan with `clamd`.
fn each_scanning(clamd: &Clamd, test: impl Fn(&Served)) {
    let probe = tempfile::tempdir().expect("folder");
    for number in 0..places(probe.path()).len() {
        test(&serve(number, Settings { clamd: Some(clamd.clone()), ..Settings::default() }));
    }
}

/// A text file with the test file in it, at the end of so many other bytes.
fn infected(before: usize) -> Vec<u8> {
    let mut bytes = vec![b'a'; before];
    bytes.extend(eicar());
    bytes
}

#[test]
fn clean_files_go_out_and_infected_ones_to_nobody() {
    let Some(daemon) = Daemon::start() else { return };
    each_scanning(&daemon.address(), |served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let clean = attach(&one, "clean.pdf", &pdf(600_000, 1));
        // At every place around the ends of pieces.
        let places = [0, 1, 262_144 - 68, 262_144 - 34, 262_144, 700_000];
        let bad: Vec<Value> = places.iter().map(|before| attach(&one, &format!("bad{before}.csv"), &infected(*before))).collect();
        one.sync();
        until("everything is judged", || bad.iter().chain([&clean]).all(|file| ["clean", "infected"].contains(&word(&mut one, file).as_str())));
        assert_eq!(word(&mut one, &clean), "clean");
        for (file, before) in bad.iter().zip(places) {
            assert_eq!(word(&mut one, file), "infected", "after {before} bytes");
            let reply = served.get(&firm.path(&format!("files/{}", hash(file))), &firm.owner.access);
            assert_eq!((reply.status, reply.code()), (403, "file.infected"), "{reply:?}");
            assert!(reply.body["message"].as_str().is_some_and(|words| words.contains("Test.Signature")), "{reply:?}");
        }
        two.sync();
        two.app.want_file(hash(&bad[5])).expect("wanted");
        two.sync();
        assert_eq!(read(&two.app, &bad[5]), Err("file.infected"), "its name is told, nothing of it came");
        assert_eq!(two.app.verify().expect("proof").files, 0);
        assert_eq!(served.get(&firm.path(&format!("files/{}", hash(&clean))), &firm.owner.access).status, 200);
        told(&mut one, &bad[0], "Test.Signature");
    });
}

/// The one who attached it is told in words, and does not open it again either.
fn told(one: &mut Laptop, file: &Value, found: &str) {
    let words = one.road.ask_files(&[hash(file).to_owned()]).expect("answer");
    one.app.note_file_words(&words).expect("noted");
    let all = one.app.file_standings().expect("standings");
    let shown = all.iter().find(|standing| standing.hash.as_str() == hash(file)).expect("listed");
    assert_eq!(shown.word(), "infected");
    let reason = shown.reason.as_ref().expect("a reason");
    assert!(reason["message"].as_str().is_some_and(|words| words.contains(found) && !words.contains('{')), "{reason}");
    assert_eq!(read(&one.app, file), Err("file.infected"));
}

/// A clamd that says what the test wants: `None` hangs up without a word. It says its version whenever it is asked.
struct Impostor {
    address: Clamd,
    heard: Receiver<Vec<u8>>,
    version: Arc<Mutex<&'static str>>,
}

impl Impostor {
    fn start(answers: Vec<Option<&'static [u8]>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("address").to_string().parse().expect("address");
        let (sender, heard) = channel();
        let version = Arc::new(Mutex::new("ClamAV 1.4.3/27800/Sat Jan 15 09:00:00 2011\0"));
        let says = Arc::clone(&version);
        std::thread::spawn(move || {
            let mut answers = answers.into_iter().peekable();
            while answers.peek().is_some() {
                let Ok((mut stream, _)) = listener.accept() else { return };
                match command(&mut stream).as_str() {
                    "zVERSION" => stream.write_all(says.lock().expect("version").as_bytes()).expect("answers"),
                    "zINSTREAM" => serve_one(stream, answers.next().flatten(), &sender),
                    other => panic!("{other} is not spoken here"),
                }
            }
        });
        Impostor { address, heard, version }
    }
    /// From now on it has these signatures.
    fn becomes(&self, version: &'static str) {
        *self.version.lock().expect("version") = version;
    }
}

/// Reads a command, up to the zero at its end.
fn command(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("command");
        match byte {
            [0] => return text,
            [byte] => text.push(char::from(byte)),
        }
    }
}

/// Reads a stream as clamd does and answers; tells what was in it.
fn serve_one(mut stream: TcpStream, answer: Option<&[u8]>, heard: &Sender<Vec<u8>>) {
    let Some(answer) = answer else { return };
    let mut content = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).expect("length");
        let length = usize::try_from(u32::from_be_bytes(length)).expect("length");
        if length == 0 {
            break;
        }
        let start = content.len();
        content.resize(start + length, 0);
        stream.read_exact(&mut content[start..]).expect("piece");
    }
    stream.write_all(answer).expect("answers");
    let _ = heard.send(content);
}

fn firm_with_file<'s>(served: &'s Served, bytes: &[u8]) -> (Firm<'s>, Laptop, Value) {
    let firm = served.firm("Acme Ltd");
    let mut one = Laptop::join(&firm, "One");
    let file = attach(&one, "sheet.pdf", bytes);
    one.sync();
    (firm, one, file)
}

#[test]
fn a_scanner_that_does_not_answer_lets_nothing_out() {
    let bytes = pdf(600_000, 1);
    let answers: Vec<Option<&'static [u8]>> =
        vec![None, Some(b""), Some(b"INSTREAM size limit exceeded. ERROR\0"), Some(b"stream: OK but\0"), Some(b"OK\0"), Some(b"stream: OK\0")];
    let failures = answers.len() - 1;
    let impostor = Impostor::start(answers);
    let served = serve(0, Settings { clamd: Some(impostor.address.clone()), ..Settings::default() });
    let (firm, mut one, file) = firm_with_file(&served, &bytes);
    for n in 1..=failures {
        until("it failed", || word(&mut one, &file) == "failed" && tries(&served, &firm) >= n);
        assert_eq!(one.road.get_piece(hash(&file), 1).expect_err("kept").code(), "file.not_clean_yet");
        served.wait(30 * 60);
    }
    until("it is clean", || word(&mut one, &file) == "clean");
    let all: Vec<Vec<u8>> = impostor.heard.iter().take(failures).collect();
    assert!(all.iter().all(|content| *content == bytes), "the scanner got every byte, every time");
}

#[test]
fn a_false_alarm_ends_when_the_operator_lets_the_scanner_look_again() {
    let impostor = Impostor::start(vec![Some(b"stream: False.Alarm FOUND\0"), Some(b"stream: OK\0")]);
    let served = serve(0, Settings { clamd: Some(impostor.address.clone()), ..Settings::default() });
    let (firm, mut one, file) = firm_with_file(&served, &pdf(5_000, 1));
    until("an alarm", || word(&mut one, &file) == "infected");
    told(&mut one, &file, "False.Alarm");
    let shown = served.place.read_beside(&firm.name, scan::not_clean).expect("files");
    assert_eq!((shown.len(), shown[0].state.as_str(), shown[0].said.as_str(), shown[0].name.as_str()), (1, "infected", "False.Alarm", "sheet.pdf"));
    assert_eq!(served.place.write_beside(&firm.name, scan::again).expect("again"), 1);
    until("it is clean", || word(&mut one, &file) == "clean");
    one.app.storage().write(|tx| tx.raw("UPDATE file_way SET asked_at = 0")).expect("a day goes by");
    one.sync();
    assert_eq!(read(&one.app, &file), Ok(pdf(5_000, 1)), "it opens again");
    assert!(served.place.read_beside(&firm.name, scan::not_clean).expect("files").is_empty());
}

/// Newer signatures.
const NEWER: &str = "ClamAV 1.4.3/27801/Sun Jan 16 09:00:00 2011\0";
/// More than clamd is asked every, in seconds.
const LATER: i64 = 11 * 60;

#[test]
fn clean_files_are_looked_into_again_when_the_signatures_change() {
    let fine: Option<&'static [u8]> = Some(b"stream: OK\0");
    let answers = vec![fine, fine, fine, None, Some(b"stream: Newly.Known FOUND\0"), fine];
    let impostor = Impostor::start(answers);
    let served = serve(0, Settings { clamd: Some(impostor.address.clone()), ..Settings::default() });
    let (firm, mut one, file) = firm_with_file(&served, &pdf(5_000, 1));
    let other = attach(&one, "other.pdf", &pdf(6_000, 2));
    one.sync();
    until("both are clean", || word(&mut one, &file) == "clean" && word(&mut one, &other) == "clean");
    let heard = |count: usize| impostor.heard.iter().take(count).count();
    heard(2);
    served.wait(LATER);
    std::thread::sleep(Duration::from_secs(6));
    assert!(impostor.heard.try_recv().is_err(), "nothing is scanned again while the signatures are the same");

    impostor.becomes(NEWER);
    served.wait(LATER);
    heard(1);
    assert_eq!(scanned_with(&served, &firm, "1.4.3/27801"), 1);
    until("the scanner failed with the other", || waits(&served, &firm));
    assert_eq!((word(&mut one, &file), word(&mut one, &other)), ("clean".to_owned(), "clean".to_owned()), "both stay clean");
    served.wait(LATER * 3);
    heard(1);
    until("one is infected", || [&file, &other].into_iter().filter(|file| word(&mut one, file) == "infected").count() == 1);
    let bad = if word(&mut one, &file) == "infected" { &file } else { &other };
    told(&mut one, bad, "Newly.Known");
    let shown = served.place.read_beside(&firm.name, scan::not_clean).expect("files");
    assert_eq!((shown.len(), shown[0].said.as_str()), (1, "Newly.Known"));
    assert_eq!(one.road.get_piece(hash(bad), 1).expect_err("kept").code(), "file.infected");
    served.wait(LATER);
    std::thread::sleep(Duration::from_secs(6));
    assert!(impostor.heard.try_recv().is_err(), "each is looked into once");
}

/// How many files these signatures found clean, as soon as they did so.
fn scanned_with(served: &Served, firm: &Firm<'_>, signatures: &str) -> i64 {
    let count = || -> i64 {
        let sql = format!("SELECT count(*) FROM file_scan WHERE state = 'clean' AND said LIKE '%{signatures}%'");
        served.place.read_beside(&firm.name, |tx| tx.one(&sql, &[])).expect("a count")
    };
    until("it is noted", || count() > 0);
    count()
}

/// Whether a clean file waits for another scan.
fn waits(served: &Served, firm: &Firm<'_>) -> bool {
    let sql = "SELECT count(*) FROM file_scan WHERE state = 'clean' AND said NOT LIKE '%27801%' AND next_at > ?1";
    let now = served.central.now();
    let waiting: i64 = served.place.read_beside(&firm.name, |tx| tx.one(sql, daybook_core::vals![now.millis() + 20 * 60_000])).expect("a count");
    waiting == 1
}

#[test]
fn the_real_scanner_looks_again_into_what_it_did_not_see_itself() {
    let Some(daemon) = Daemon::start() else { return };
    let version = daemon.address().version().expect("its version");
    assert!(version.starts_with("ClamAV ") && !version.contains('\0'), "{version}");
    each_scanning(&daemon.address(), |served| {
        let firm = served.firm("Acme Ltd");
        let mut one = Laptop::join(&firm, "One");
        let file = attach(&one, "bad.csv", &infected(100));
        let clean = attach(&one, "clean.pdf", &pdf(5_000, 1));
        one.sync();
        until("both are judged", || word(&mut one, &file) == "infected" && word(&mut one, &clean) == "clean");
        let older = "UPDATE file_scan SET state = 'clean', said = 'ClamAV 0.9/1/Mon Jan 3 09:00:00 2000', next_at = 0";
        served.place.write_beside(&firm.name, |tx| tx.raw(older)).expect("as if older signatures had seen both");
        served.central.tenants().scans().due(&firm.name, 0);
        until("the bad one is found", || word(&mut one, &file) == "infected");
        assert_eq!(scanned_with(served, &firm, "ClamAV"), 1);
        until("the good one is known to these signatures", || {
            let sql = "SELECT count(*) FROM file_scan WHERE state = 'clean' AND said = ?1";
            served.place.read_beside(&firm.name, |tx| tx.one::<i64>(sql, daybook_core::vals![version.clone()])).expect("a count") == 1
        });
        assert_eq!(word(&mut one, &clean), "clean");
    });
}

/// How often the server tried to scan what it has.
fn tries(served: &Served, firm: &Firm<'_>) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let tenant = runtime.block_on(served.central.tenants().get(&firm.name)).expect("tenant");
    let tries: i64 = tenant.app.read(|tx, _| tx.one("SELECT coalesce(max(tries), 0) FROM file_scan", &[])).expect("tries");
    usize::try_from(tries).expect("a count")
}

#[test]
fn a_scanner_that_is_not_there_keeps_everything_in_quarantine() {
    let nowhere: Clamd = "127.0.0.1:1".parse().expect("address");
    each_scanning(&nowhere, |served| {
        let (firm, mut one, file) = firm_with_file(served, &pdf(5_000, 1));
        until("it failed", || word(&mut one, &file) == "failed");
        let mut two = Laptop::join(&firm, "Two");
        two.sync();
        assert_eq!(read(&two.app, &file), Err("file.not_here"), "not even what is small comes ahead");
        assert_eq!(two.road.get_piece(hash(&file), 1).expect_err("kept").code(), "file.not_clean_yet");
        assert_eq!(read(&one.app, &file), Ok(pdf(5_000, 1)), "who made it has it");
    });
}

#[test]
fn addresses_of_a_scanner_are_read() {
    for (text, shown) in [
        ("unix:/run/c.ctl", Some("unix:/run/c.ctl")),
        ("/run/c.ctl", Some("unix:/run/c.ctl")),
        ("av:3310", Some("av:3310")),
        ("av", None),
        (":1", None),
        ("av:x", None),
    ] {
        assert_eq!(text.parse::<Clamd>().ok().map(|address| address.to_string()).as_deref(), shown, "{text}");
    }
}
