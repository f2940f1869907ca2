//! Tokens that are not ours, not now, not for this, or not whole. RFC 8725 is the check list.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::{Firm, Served, decode, each_place, encode, serve};

/// The server's own key, as whoever broke into it would have it: what is signed with it must still be
/// exactly a token of ours.
fn own_key(served: &Served) -> (SigningKey, String) {
    let folder = served.folder.path().join("keys");
    let file = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).max().unwrap();
    let bytes: [u8; 32] = decode(std::fs::read_to_string(&file).unwrap().trim()).try_into().unwrap();
    let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
    (SigningKey::from_bytes(&bytes), name.split_once('-').unwrap().1.to_owned())
}

/// A token taken apart.
struct Parts {
    header: Value,
    body: Value,
}

impl Parts {
    fn of(token: &str) -> Self {
        let part = |n: usize| serde_json::from_slice(&decode(token.split('.').nth(n).unwrap())).unwrap();
        Parts { header: part(0), body: part(1) }
    }
    fn signed(&self, key: &SigningKey) -> String {
        sign(&self.header.to_string(), &self.body.to_string(), key)
    }
}

fn sign(header: &str, body: &str, key: &SigningKey) -> String {
    let text = format!("{}.{}", encode(header.as_bytes()), encode(body.as_bytes()));
    format!("{text}.{}", encode(&key.sign(text.as_bytes()).to_bytes()))
}

#[track_caller]
fn refused(firm: &Firm<'_>, what: &str, token: &str) {
    let reply = firm.served.get(&firm.path("sessions"), token);
    assert_eq!((reply.status, reply.code()), (401, "access.token"), "{what}: {reply:?}");
    assert!(reply.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{what}");
    assert!(token.len() < 20 || !reply.text.contains(token), "{what}");
}

fn with_header(token: &str, change: impl Fn(&mut Value)) -> Parts {
    let mut parts = Parts::of(token);
    change(&mut parts.header);
    parts
}

fn with_body(token: &str, change: impl Fn(&mut Value)) -> Parts {
    let mut parts = Parts::of(token);
    change(&mut parts.body);
    parts
}

#[test]
fn only_one_algorithm_and_one_form_is_taken() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (key, kid) = own_key(served);
        let token = &firm.owner.access;
        assert_eq!(served.get(&firm.path("sessions"), &Parts::of(token).signed(&key)).status, 200, "the forgery of the rightful form");
        for alg in
            [json!("none"), json!("None"), json!("nOnE"), json!("HS256"), json!("RS256"), json!("ES256"), json!("eddsa"), json!(["EdDSA", "none"]), json!(null)]
        {
            let parts = with_header(token, |header| header["alg"] = alg.clone());
            refused(&firm, &format!("alg {alg}"), &parts.signed(&key));
            let bare = parts.signed(&key);
            refused(&firm, &format!("alg {alg}, no signature"), &format!("{}.", bare.rsplit_once('.').unwrap().0));
        }
        // HMAC with the public key as its secret cannot even be of the right length.
        let confused = with_header(token, |header| header["alg"] = json!("HS256")).signed(&SigningKey::from_bytes(key.verifying_key().as_bytes()));
        refused(&firm, "signed with the public key", &confused);
        for kid in ["", "../../etc/passwd", "x' OR '1'='1", "http://evil.example/key", &format!("{kid}.key")] {
            refused(&firm, &format!("kid {kid}"), &with_header(token, |header| header["kid"] = json!(kid)).signed(&key));
        }
        for (name, value) in [
            ("jku", json!("http://evil.example")),
            ("x5u", json!("http://evil.example")),
            ("jwk", json!({"kty": "OKP"})),
            ("crit", json!(["exp"])),
            ("zip", json!("DEF")),
        ] {
            refused(&firm, name, &with_header(token, |header| header[name] = value.clone()).signed(&key));
        }
        for typ in [json!("JWT"), json!("daybook-challenge+jwt"), json!(null)] {
            refused(&firm, &format!("typ {typ}"), &with_header(token, |header| header["typ"] = typ.clone()).signed(&key));
        }
        let mut no_typ = Parts::of(token);
        no_typ.header.as_object_mut().unwrap().remove("typ");
        refused(&firm, "typ missing", &no_typ.signed(&key));
        let twice = token.split('.').nth(1).map(|body| String::from_utf8(decode(body)).unwrap()).unwrap();
        let doubled = twice.replacen('{', &format!("{{\"sub\":\"{}\",", firm.owner.user), 1);
        refused(&firm, "duplicate claim", &sign(&Parts::of(token).header.to_string(), &doubled, &key));
        refused(&firm, "raised role", &with_body(token, |body| body["role"] = json!("owner")).signed(&key));
    });
}

#[test]
fn nothing_of_a_token_can_be_altered() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let token = firm.owner.access.clone();
        let other = super::Grant::of(&served.sign_in(&firm.name, &firm.email, super::PASSWORD)).access;
        let parts: Vec<&str> = token.split('.').collect();
        refused(&firm, "empty signature", &format!("{}.{}.", parts[0], parts[1]));
        refused(&firm, "signature of another token", &format!("{}.{}.{}", parts[0], parts[1], other.rsplit('.').next().unwrap()));
        for n in 0..3 {
            let mut bytes = decode(parts[n]);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            let mut bent: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            bent[n] = encode(&bytes);
            refused(&firm, &format!("a bit of part {n}"), &bent.join("."));
        }
        // Base64 with stray bits at its end, padding, or white space is another text for the same bytes.
        let last = token.chars().last().unwrap();
        let stray = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let next = stray.chars().nth((stray.find(last).unwrap() ^ 1) % 64).unwrap();
        refused(&firm, "stray bits", &format!("{}{next}", &token[..token.len() - 1]));
        for (what, bent) in [
            ("padding", format!("{token}==")),
            ("four parts", format!("{token}.x")),
            ("two parts", parts[..2].join(".")),
            ("inner space", token.replace('.', ". ")),
        ] {
            refused(&firm, what, &bent);
        }
        refused(&firm, "other words", "not a token");
        refused(&firm, "a refresh token", &firm.owner.refresh);
        let (foreign, _) = own_key(&serve(0, daybook_server::central::Settings::default()));
        refused(&firm, "key of another server", &Parts::of(&token).signed(&foreign));
    });
}

#[test]
fn times_are_whole_seconds_with_a_minute_of_leeway() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (key, _) = own_key(served);
        let token = &firm.owner.access;
        let iat = Parts::of(token).body["iat"].as_i64().unwrap();
        let accepted = |change: &dyn Fn(&mut Value)| served.get(&firm.path("sessions"), &with_body(token, change).signed(&key)).status == 200;
        let shifted = |seconds: i64| {
            move |body: &mut Value| {
                body["iat"] = json!(iat + seconds);
                body["nbf"] = json!(iat + seconds);
                body["exp"] = json!(iat + seconds + 900);
            }
        };
        assert!(accepted(&shifted(45)) && accepted(&shifted(-940)));
        assert!(!accepted(&shifted(120)) && !accepted(&shifted(-1000)));
        assert!(!accepted(&|body| body["nbf"] = json!(iat + 120)), "not before");
        for exp in [
            json!((iat + 900).to_string()),
            json!(iat as f64 + 900.5),
            json!(253_402_300_799_i64),
            json!(iat - 61),
            json!(iat),
            json!(null),
            json!(-1),
            json!(i64::MAX),
            json!(i64::MIN),
        ] {
            refused(&firm, &format!("exp {exp}"), &with_body(token, |body| body["exp"] = exp.clone()).signed(&key));
        }
        for claim in ["exp", "iat", "nbf", "iss", "aud", "sub", "sid", "tenant"] {
            let mut parts = Parts::of(token);
            parts.body.as_object_mut().unwrap().remove(claim);
            refused(&firm, &format!("no {claim}"), &parts.signed(&key));
        }
        served.wait(15 * 60 + 61);
        refused(&firm, "late", token);
    });
}

#[test]
fn a_token_is_of_one_tenant_person_and_session() {
    each_place(|served| {
        let (firm, other) = (served.firm("Acme Ltd"), served.firm("Other Ltd"));
        let (key, _) = own_key(served);
        let token = &firm.owner.access;
        for (claim, value) in
            [("iss", "daybοok"), ("iss", "Daybook"), ("iss", ""), ("aud", "daybook"), ("sub", &other.owner.user), ("sid", &other.owner.session)]
        {
            refused(&firm, &format!("{claim} {value}"), &with_body(token, |body| body[claim] = json!(value)).signed(&key));
        }
        refused(&firm, "aud list", &with_body(token, |body| body["aud"] = json!(["daybook-api"])).signed(&key));
        refused(&firm, "a device never bound", &with_body(token, |body| body["device"] = json!(other.owner.session)).signed(&key));
        let swapped = with_body(token, |body| body["tenant"] = json!(other.name)).signed(&key);
        refused(&other, "tenant swapped", &swapped);
        assert_eq!(served.get(&firm.path("sessions"), &swapped).status, 404);
        let challenge = served.post(&firm.path("devices/challenge"), token, json!({"id": firm.owner.session}));
        refused(&firm, "a challenge as access token", challenge.body["challenge"].as_str().unwrap());
    });
}

#[test]
fn old_keys_are_good_for_a_day() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        served.central.keys().rotate(served.central.now()).unwrap();
        assert_eq!(served.get(&firm.path("sessions"), &firm.owner.access).status, 200, "within the grace");
        let (old, kid) = {
            let folder = served.folder.path().join("keys");
            let file = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).min().unwrap();
            let bytes: [u8; 32] = decode(std::fs::read_to_string(&file).unwrap().trim()).try_into().unwrap();
            (SigningKey::from_bytes(&bytes), file.file_stem().unwrap().to_str().unwrap().split_once('-').unwrap().1.to_owned())
        };
        served.wait(2 * 86_400);
        let fresh = super::Grant::of(&served.sign_in(&firm.name, &firm.email, super::PASSWORD));
        assert_eq!(served.get(&firm.path("sessions"), &fresh.access).status, 200);
        assert_ne!(Parts::of(&fresh.access).header["kid"], json!(kid));
        refused(&firm, "an old key after the grace", &with_header(&fresh.access, |header| header["kid"] = json!(kid)).signed(&old));
    });
}

#[test]
fn tokens_travel_in_one_header_only() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let token = &firm.owner.access;
        let ask = |head: String| served.send(&head, b"").status;
        let path = firm.path("sessions");
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nAuthorization: bearer {token}")), 200);
        assert_eq!(ask(format!("GET {path}?access_token={token} HTTP/1.1")), 401);
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nCookie: access_token={token}")), 401);
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nAuthorization: Basic {token}")), 401);
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nAuthorization: {token}")), 401);
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer x\r\nAuthorization: Bearer {token}")), 401);
        assert_eq!(ask(format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {}", "a".repeat(10_000))), 401);
        let million = ask(format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {}", "a".repeat(1_000_000)));
        assert!([0, 431].contains(&million), "{million}");
    });
}

#[test]
fn a_key_that_was_taken_away_is_good_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let now = daybook_core::shared::Instant::from_millis(1_800_000_000_000);
    let open = || daybook_server::central::Keys::open(folder.path(), now).unwrap();
    let first = open();
    let mut kid = String::new();
    let (text, signature) = first
        .sign(now, |id| {
            id.clone_into(&mut kid);
            "message".to_owned()
        })
        .unwrap();
    assert!(first.verify(&kid, text.as_bytes(), &signature, now) && open().verify(&kid, text.as_bytes(), &signature, now));
    assert!(!first.verify(&kid, b"another message", &signature, now) && !first.verify("other", text.as_bytes(), &signature, now));
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        std::fs::remove_file(file.path()).unwrap();
    }
    assert!(!open().verify(&kid, text.as_bytes(), &signature, now));
    let late = daybook_core::shared::Instant::from_millis(now.millis() + 91 * 86_400_000);
    let second = open();
    second.sign(late, str::to_owned).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "a key signs for 90 days");
}

#[cfg(unix)]
#[test]
fn servers_that_start_together_know_each_others_keys_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let now = daybook_core::shared::Instant::from_millis(1_800_000_000_000);
    let open = || daybook_server::central::Keys::open(folder.path(), now).unwrap();
    let one = open();
    std::fs::rename(only_file(folder.path()), folder.path().join("kept")).unwrap();
    let two = open();
    std::fs::rename(folder.path().join("kept"), folder.path().join(format!("{}-a.key", now.millis()))).unwrap();
    for (signs, reads) in [(&one, &two), (&two, &one)] {
        let mut kid = String::new();
        let (text, signature) = signs
            .sign(now, |id| {
                id.clone_into(&mut kid);
                "message".to_owned()
            })
            .unwrap();
        assert!(reads.verify(&kid, text.as_bytes(), &signature, now), "a key of the other");
    }
}

fn only_file(folder: &std::path::Path) -> std::path::PathBuf {
    std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn keys_are_private_and_damaged_ones_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let served = serve(0, daybook_server::central::Settings::default());
    let folder = served.folder.path().join("keys");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = std::fs::read_dir(&folder).unwrap().flatten().next().unwrap().path();
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    std::fs::write(folder.join("5-broken.key"), "no key").unwrap();
    let error = daybook_server::central::Keys::open(&folder, served.central.now()).err().unwrap();
    assert!(error.code() == "keys.damaged" && error.message().contains("5-broken.key"), "{error}");
}
