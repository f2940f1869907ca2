//! What the server does not put up with: floods, giants, depths, slowness; and what it tells of itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use daybook_core::shared::id::CommandId;
use daybook_server::central::Settings;
use serde_json::json;

use super::{PASSWORD, each_place, each_place_with, serve};

#[test]
fn sign_ins_are_five_a_minute_for_an_account() {
    each_place(|served| {
        let (firm, other) = (served.firm("Acme Ltd"), served.firm("Other Ltd"));
        for _ in 0..4 {
            assert_eq!(served.sign_in(&firm.name, &firm.email, "wrong password").status, 401);
        }
        for name in [firm.email.clone(), firm.email.to_uppercase(), format!(" {} ", firm.email)] {
            let reply = served.sign_in(&firm.name, &name, PASSWORD);
            assert_eq!((reply.status, reply.code()), (429, "access.too_many"), "{reply:?}");
            let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        let forwarded = format!("POST {} HTTP/1.1\r\nX-Forwarded-For: 192.0.2.{}", firm.path("sign-in"), 7);
        let body = json!({"email": firm.email, "password": PASSWORD}).to_string();
        assert_eq!(served.send(&forwarded, body.as_bytes()).status, 429);
        assert_eq!(served.sign_in(&other.name, &other.email, PASSWORD).status, 200, "limits are not shared");
    });
}

#[test]
fn sign_ins_are_fifty_a_minute_from_an_address() {
    let served = serve(0, Settings { behind_proxy: true, ..Settings::default() });
    let from = |address: &str, n: usize| {
        let body = json!({"email": format!("n{n}@acme.example"), "password": "x"}).to_string();
        served.send(&format!("POST /v1/no-such-tenant/sign-in HTTP/1.1\r\nX-Forwarded-For: 10.0.0.1, {address}"), body.as_bytes()).status
    };
    let answers: Vec<u16> = (0..51).map(|n| from("192.0.2.1", n)).collect();
    assert_eq!((answers[..50].iter().all(|status| *status == 404), answers[50]), (true, 429));
    assert_eq!(from("192.0.2.2", 0), 404);
}

#[test]
fn calls_are_six_hundred_a_minute_for_a_session() {
    let served = serve(0, Settings::default());
    let firm = served.firm("Acme Ltd");
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..601 {
        let ask = format!("GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", firm.path("devices"), firm.owner.access);
        stream.write_all(ask.as_bytes()).unwrap();
        let mut buffer = [0; 4096];
        let size = stream.read(&mut buffer).unwrap();
        statuses.push(String::from_utf8_lossy(&buffer[9..12.min(size)]).into_owned());
    }
    assert_eq!((statuses.iter().filter(|status| *status == "200").count(), statuses.last().map(String::as_str)), (600, Some("429")));
}

#[test]
fn bodies_are_bounded_in_size_depth_and_patience() {
    let served = serve(0, Settings { body_timeout: Duration::from_millis(400), ..Settings::default() });
    let firm = served.firm("Acme Ltd");
    let head = format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {}", firm.path("rpc/execute"), firm.owner.access);
    let large = served.send(&head, &vec![b' '; 8 * 1024 * 1024 + 1]);
    assert_eq!((large.status, large.code()), (413, "rpc.too_large"), "{large:?}");
    for (body, code) in [
        (format!("{}{}", "[".repeat(65), "]".repeat(65)), "http.too_deep"),
        ("[".repeat(100_000), "http.too_deep"),
        ("{\"a\":".repeat(70), "http.too_deep"),
        (format!("{}{}", "[".repeat(64), "]".repeat(64)), "args.invalid"),
        ("{\"a\": \"[[[[\\\"[[\"".to_owned(), "rpc.not_json"),
        ("\u{0}".to_owned(), "rpc.not_json"),
        ("{\"name\": \"\\ud800\"}".to_owned(), "rpc.not_json"),
        ("{\"name\": NaN}".to_owned(), "rpc.not_json"),
        ("7".to_owned(), "args.invalid"),
    ] {
        let reply = served.send(&head, body.as_bytes());
        assert!(reply.code() == code && (400..500).contains(&reply.status), "{}: {reply:?}", &body[..body.len().min(40)]);
    }
    let mut slow = TcpStream::connect(served.address).unwrap();
    write!(slow, "{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{{").unwrap();
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn connections_are_bounded_and_those_that_say_nothing_make_room() {
    let served = serve(0, Settings { clients_max: 4, headers_timeout: Duration::from_millis(1500), ..Settings::default() });
    let firm = served.firm("Acme Ltd");
    let says = |text: &str| {
        let mut loris = TcpStream::connect(served.address).unwrap();
        loris.write_all(text.as_bytes()).unwrap();
        loris
    };
    let begun = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    let lorises = [says(""), says(begun), says("G"), says(&format!("{begun}\r\n"))];
    std::thread::sleep(Duration::from_millis(300));
    let full = served.request("GET", "/healthz", None, None);
    assert_eq!((full.status, full.code(), full.header("retry-after")), (503, "http.full", Some("1")), "{full:?}");
    std::thread::sleep(Duration::from_millis(1800));
    assert_eq!(served.request("GET", "/healthz", None, None).status, 200, "who says nothing is let go, idle ones too");
    drop(lorises);
    let stream = |token: &str| says(&format!("GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n", firm.path("sync/poke")));
    let (_, bound) = firm.device(&firm.owner, &ed25519_dalek::SigningKey::from_bytes(&[7; 32]));
    let access = bound.body["grant"]["access_token"].as_str().unwrap();
    let streams = [stream(access), stream(access), stream(access)];
    std::thread::sleep(Duration::from_millis(2200));
    let text = served.request("GET", "/metrics", None, None).text;
    assert!(text.contains("daybook_connections_open 4\n") && text.contains("daybook_connections_max 4\n"), "streams count and stay: {text}");
    drop(streams);
}

#[test]
fn devices_that_listen_leave_room_for_those_that_ask() {
    assert!(Settings::default().clients_max * 9 / 10 >= 2_000, "two thousand devices listen, and still ask");
    let served = serve(0, Settings { clients_max: 40, ..Settings::default() });
    let firm = served.firm("Acme Ltd");
    let (_, bound) = firm.device(&firm.owner, &ed25519_dalek::SigningKey::from_bytes(&[7; 32]));
    let access = bound.body["grant"]["access_token"].as_str().unwrap();
    let listen = || {
        let mut stream = TcpStream::connect(served.address).unwrap();
        write!(stream, "GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {access}\r\n\r\n", firm.path("sync/poke")).unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        (String::from_utf8(head.to_vec()).unwrap(), stream)
    };
    let mut listening: Vec<_> = (0..36).map(|_| listen()).collect();
    assert!(listening.iter().all(|(head, _)| head == "HTTP/1.1 200"));
    let full = served.request("GET", &firm.path("sync/poke"), Some(access), None);
    assert_eq!((full.status, full.code()), (503, "http.full"), "one more may not listen");
    assert_eq!(served.get(&firm.path("devices"), access).status, 200, "but asks");
    listening.clear();
    let began = Instant::now();
    while listen().0 != "HTTP/1.1 200" {
        assert!(began.elapsed() < Duration::from_secs(30), "who went away makes room");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_answer_that_takes_too_long_is_given_up_but_not_what_was_begun() {
    each_place_with(&Settings { answer_timeout: Duration::from_millis(700), ..Settings::default() }, |served| {
        let firm = served.firm("Acme Ltd");
        let tenant = served.central.tenants().get_now(&firm.name).unwrap();
        let key = CommandId::mint();
        let head = format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {key}", firm.path("rpc/parties.save_party"), firm.owner.access);
        let send = || served.send(&head, json!({"name": "Ann"}).to_string().as_bytes());
        let overdue = std::thread::scope(|scope| {
            scope.spawn(|| {
                tenant.app.storage().write(|_| {
                    std::thread::sleep(Duration::from_millis(1500));
                    Ok(())
                })
            });
            std::thread::sleep(Duration::from_millis(100));
            let began = Instant::now();
            let reply = send();
            assert!(began.elapsed() < Duration::from_millis(1200));
            reply
        });
        assert_eq!((overdue.status, overdue.code()), (503, "http.overdue"), "{overdue:?}");
        std::thread::sleep(Duration::from_millis(300));
        let again = send();
        assert_eq!((again.status, &again.body["replayed"]), (200, &json!(true)), "{again:?}");
    });
}

#[test]
fn headers_are_bounded_in_size_and_patience() {
    let served = serve(0, Settings::default());
    let huge = served.send(&format!("GET /healthz HTTP/1.1\r\nX-Huge: {}", "a".repeat(17 * 1024)), b"");
    assert_eq!(huge.status, 431, "{huge:?}");
    let started = Instant::now();
    let mut loris = TcpStream::connect(served.address).unwrap();
    loris.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    loris.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n").unwrap();
    let mut rest = Vec::new();
    let _ = loris.read_to_end(&mut rest);
    assert!((8..20).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[test]
fn answers_say_nothing_of_the_inside() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        for (method, path, status) in [
            ("GET", "/", 404),
            ("GET", "/v1", 404),
            ("GET", &firm.path("nothing"), 404),
            ("GET", &firm.path("sign-in"), 405),
            ("DELETE", &firm.path("devices"), 405),
            ("POST", "/healthz", 405),
        ] {
            let reply = served.request(method, path, None, None);
            assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
            assert!(reply.code().starts_with("http."), "{method} {path}: {reply:?}");
        }
        let unknown = served.post(&firm.path("rpc/nothing.here"), &firm.owner.access, json!({}));
        assert_eq!((unknown.status, unknown.code()), (404, "http.not_found"));
        let page = served.request("GET", "/docs", None, None);
        assert!(page.status == 200 && page.head.contains("script-src 'self'") && !page.text.contains("parties.save_party"), "{page:?}");
        for reply in [&unknown, &page] {
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            assert!(reply.header("x-request-id").is_some() && reply.header("server").is_none() && reply.header("access-control-allow-origin").is_none());
        }
        let named = served.send("GET /healthz HTTP/1.1\r\nX-Request-Id: 01890a5d-ac96-774b-bcce-b302099a8057", b"");
        assert_eq!(named.header("x-request-id"), Some("01890a5d-ac96-774b-bcce-b302099a8057"));
        let forged = served.send("GET /healthz HTTP/1.1\r\nX-Request-Id: {\"x\":1}", b"");
        assert!(forged.header("x-request-id").is_some_and(|id| id.len() == 36));
    });
}

#[test]
fn the_server_tells_how_it_is() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        firm.run("parties.save_party", json!({"name": "Ann", "is_customer": true}));
        served.post(&firm.path("rpc/parties.save_party"), &firm.owner.access, json!({"name": ""}));
        served.post(&firm.path("rpc/nothing.at_all"), &firm.owner.access, json!({}));
        assert_eq!(served.request("GET", "/healthz", None, None).body, json!({"state": "alive"}));
        assert_eq!(served.request("GET", "/readyz", None, None).body, json!({"state": "ready"}));
        let text = served.request("GET", "/metrics", None, None).text;
        for line in [
            "daybook_command_seconds_count{command=\"parties.save_party\"} 2",
            "daybook_command_errors_total{command=\"parties.save_party\"} 1",
            "daybook_endpoint_seconds_bucket{endpoint=\"/v1/{tenant}/sign-in\",le=\"+Inf\"} 1",
            "daybook_tenants_open 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains(&firm.name) && !text.contains("nothing.at_all"));
    });
}

#[test]
fn the_document_describes_every_command() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        assert_eq!(served.request("GET", &firm.path("openapi.json"), None, None).status, 401);
        let document = served.get(&firm.path("openapi.json"), &firm.owner.access).body;
        assert_eq!(document["openapi"], "3.1.0");
        for command in daybook_core::app::commands() {
            let operation = &document["paths"][format!("/v1/{{tenant}}/rpc/{}", command.name)]["post"];
            assert_eq!(operation["x-needs"], json!(command.needs), "{}", command.name);
        }
        let text = document.to_string();
        assert!(!text.contains("#/$defs/") && !text.contains("$schema"));
        let named = text.split("#/components/schemas/").skip(1).map(|tail| tail.split('"').next().unwrap());
        for name in named {
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    });
}
