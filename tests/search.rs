//! Search over everything: what is typed is found by number, name, note, telephone, bar code and amount, with a
//! letter wrong too, by those who may see it, and whatever was undone.

use daybook_core::app::{App, Call};
use daybook_core::db::{Books, Mode};
use daybook_core::shared::Id;
use serde_json::{Value, json};

use crate::billing::{customer, item};
use crate::costs::without_steps;
use crate::support::{TestBooks, books, clock, each_database, search_follows};

/// Syllables of which names are made that nobody has twice.
const PARTS: [&str; 20] =
    ["bar", "cel", "dor", "fen", "gil", "hol", "jan", "kur", "lim", "mon", "nep", "oss", "pel", "qua", "rud", "sol", "tam", "ver", "wex", "zan"];

fn name(n: usize) -> String {
    let part = |place: usize| PARTS[(n / 20_usize.pow(u32::try_from(place).unwrap()) + place * 7) % 20];
    format!("{}{}{}", part(0), part(1), part(2))
}

fn hits(books: &TestBooks, actor: Option<&Value>, text: &str) -> Vec<Value> {
    let actor = actor.map_or(books.app.actor(), |id| Id::parse(id.as_str().unwrap()).unwrap());
    let answer = daybook_rpc::answer_generic(&books.app, actor, "records.find", &json!({"text": text})).unwrap();
    answer.unwrap_or_else(|e| panic!("{text}: {e}"))["hits"].as_array().unwrap().clone()
}

/// Whether the row is among the first five hits.
fn finds(books: &TestBooks, text: &str, id: &Value) -> bool {
    hits(books, None, text).iter().take(5).any(|hit| hit["id"] == *id)
}

/// Numbers that follow from a seed.
fn dice(seed: usize, below: usize) -> usize {
    usize::try_from(u64::from_be_bytes(blake3_of(seed)) % u64::try_from(below).unwrap()).unwrap()
}
fn blake3_of(seed: usize) -> [u8; 8] {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::try_from(seed).unwrap() + 1);
    state ^= state >> 29;
    state = state.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (state ^ (state >> 32)).to_be_bytes()
}

/// One letter of a word is left out, doubled by another, replaced, or changes places with the next.
fn mistyped(word: &str, seed: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let place = dice(seed, letters.len() - 1);
    match dice(seed + 7, 4) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, 'y'),
        2 => letters[place] = 'y',
        _ => letters.swap(place, place + 1),
    }
    letters.into_iter().collect()
}

/// Books with so many customers and items, each under a name of its own.
fn stocked(books: &TestBooks, count: usize) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    books
        .app
        .batch(None, |batch| {
            for n in 0..count {
                let (buyer, thing) =
                    (format!("{} {} Ltd", name(n), ["North", "South"][n % 2]), format!("{} {}", ["Brass", "Steel", "Oak"][n % 3], name(n + 4_000)));
                let party = json!({"code": format!("K{n:05}"), "name": buyer, "country": "GB", "is_customer": true});
                all.push((name(n), batch.execute(Call::new("parties.save_party", party))?.result["id"].clone()));
                let item = json!({"code": format!("T-{n:05}"), "name": thing, "kind": "goods", "sales_price": "2.50"});
                all.push((name(n + 4_000), batch.execute(Call::new("catalog.save_item", item))?.result["id"].clone()));
            }
            Ok(())
        })
        .unwrap();
    all
}

#[test]
fn a_word_with_one_letter_wrong_finds_what_was_meant() {
    each_database(|books| {
        let all = stocked(books, 400);
        let tried = 200;
        let lost: Vec<String> = (0..tried)
            .map(|seed| (seed, &all[dice(seed + 1_000, all.len())]))
            .filter_map(|(seed, (word, id))| {
                let typed = mistyped(word, seed);
                (!finds(books, &typed, id)).then(|| format!("{typed} for {word}"))
            })
            .collect();
        assert!(lost.len() * 20 <= tried, "{} of {tried} are lost: {lost:?}", lost.len());
        let (word, id) = &all[0];
        let two = format!("{} north", mistyped(word, 3));
        assert!(finds(books, &two, id), "{two}");
        assert!(hits(books, None, "K9x9x9").is_empty() && hits(books, None, "").is_empty());
        assert!(hits(books, None, &mistyped(word, 3)).iter().all(|hit| hit["fit"] == "near"), "what is near is told apart");
        assert!(hits(books, None, word).iter().all(|hit| hit["fit"] != "near"));
    });
}

#[test]
fn everything_that_is_written_of_a_record_finds_it() {
    each_database(|books| {
        let party =
            json!({"code": "ACME", "name": "Ærø Müller & Søn", "country": "GB", "is_customer": true, "phone": "0113 496 7788", "note": "Rings the bell twice"});
        let acme = books.run("parties.save_party", party)["id"].clone();
        let bolt = item(books, "BOLT", "2.50");
        books.run("catalog.save_barcode", json!({"item": bolt, "code": "4006381333931"}));
        let lines = json!([{"name": "Advice", "quantity": "1", "unit_price": "1234.56"}]);
        let draft = json!({"party": acme, "lines": lines, "buyer_reference": "Quarry 77"});
        let posted = books.run("billing.post_invoice", json!({"draft": draft}));
        let gross = books.ask("billing.invoice", json!({"id": posted["id"]}))["invoice"]["payable"].as_i64().unwrap();
        let gross = format!("{}.{:02}", gross / 100, gross % 100);
        let number = posted["number"].as_str().unwrap();
        let round = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"name": "More", "quantity": "1", "unit_price": "1000"}]}}));
        for (text, id) in [
            ("acme", &acme),
            ("muller", &acme),
            ("ærø", &acme),
            ("Müller", &acme),
            ("mulelr", &acme),
            ("7788", &acme),
            ("bell twice", &acme),
            ("bell twcie", &acme),
            ("4006381333931", &bolt),
            ("4006381333913", &bolt),
            ("400638", &bolt),
            (number, &posted["id"]),
            (&gross, &posted["id"]),
            ("1200", &round["id"]),
            ("1,200.0", &round["id"]),
            ("1.200,00", &round["id"]),
            ("quarry", &posted["id"]),
            ("quarrry 77", &posted["id"]),
            ("quarrry XY", &posted["id"]),
            ("quarry77", &posted["id"]),
        ] {
            assert!(finds(books, text, id), "{text}: {:?}", hits(books, None, text));
        }
        assert_eq!(hits(books, None, number)[0]["id"], posted["id"], "a number comes first");
        let accounts = hits(books, None, "debtrs");
        assert!(accounts.iter().any(|hit| hit["record"] == "account"), "{accounts:?}");
    });
}

#[test]
fn what_is_typed_in_full_comes_first() {
    each_database(|books| {
        let save = |code: &str, more: Value| {
            let mut args = json!({"code": code, "name": format!("Thing {code}"), "kind": "goods"});
            args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            books.run("catalog.save_item", args)["id"].clone()
        };
        let acme = customer(books, "BOLT Brothers", "GB");
        let (bolt, longer) = (save("BOLT", json!({})), save("BOLT-2", json!({"description": "for 4006381333931, 96385074 and 11-A-0001"})));
        let (packed, marked) = (save("X1", json!({})), save("X2", json!({"standard_id": "4006381333931"})));
        books.run("catalog.save_barcode", json!({"item": packed, "code": "96385074"}));
        books.run("catalog.save_barcode", json!({"item": longer, "code": "963850741"}));
        let posted = books.run("billing.post_invoice", json!({"draft": {"party": acme, "lines": [{"item": bolt, "quantity": "1", "unit_price": "4"}]}}));
        let number = posted["number"].as_str().unwrap();
        for (text, id) in [
            ("bolt", &bolt),
            ("bolt-2", &longer),
            ("96385074", &packed),
            ("4006381333931", &marked),
            (number, &posted["id"]),
            (&number.to_lowercase(), &posted["id"]),
        ] {
            let found = hits(books, None, text);
            assert_eq!((&found[0]["id"], &found[0]["fit"]), (id, &json!("exact")), "{text}: {found:?}");
        }
        let lookup = json!({"record": "item", "text": "96385074"});
        let picked = daybook_rpc::answer_generic(&books.app, books.app.actor(), "records.lookup", &lookup).unwrap().unwrap();
        assert_eq!(picked["hits"][0]["id"], packed, "a picker finds it first too");
    });
}

#[test]
fn rows_are_called_by_name_to_those_who_may_see_them() {
    each_database(|books| {
        let clerk = books.run("identity.save_user", json!({"name": "Ann", "role": "sales"}))["id"].clone();
        let acme = customer(books, "ACME", "GB");
        let lines = json!([{"account": "7100", "debit": 1000}, {"account": "1200", "credit": 1000}]);
        books.run("ledger.post_entry", json!({"date": "2011-01-10", "text": "Bonus", "lines": lines}));
        let entry = hits(books, None, "bonus")[0]["id"].clone();
        let of = json!({"of": [{"record": "journal_entry", "id": entry}, {"record": "party", "id": acme}, {"record": "item", "id": acme}]});
        let named = |actor: Id<_>| {
            let answer = daybook_rpc::answer_generic(&books.app, actor, "records.named", &of).unwrap().unwrap();
            answer["hits"].as_array().unwrap().iter().map(|hit| hit["record"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(named(books.app.actor()), ["journal_entry", "party"]);
        assert_eq!(named(Id::parse(clerk.as_str().unwrap()).unwrap()), ["party"]);
    });
}

#[test]
fn nobody_finds_what_the_role_does_not_show() {
    each_database(|books| {
        let person = |role: &str| books.run("identity.save_user", json!({"name": role, "role": role}))["id"].clone();
        let (clerk, accountant) = (person("sales"), person("accountant"));
        let canaries: Vec<String> = (0..50).map(|n| format!("canary{}", name(n * 31))).collect();
        for canary in &canaries {
            let lines = json!([{"account": "7100", "debit": 1000}, {"account": "1200", "credit": 1000}]);
            books.run("ledger.post_entry", json!({"date": "2011-01-10", "text": format!("Bonus {canary}"), "lines": lines}));
        }
        for (n, canary) in canaries.iter().enumerate() {
            for text in [canary.clone(), mistyped(canary, n)] {
                assert!(hits(books, Some(&accountant), &text).iter().any(|hit| hit["record"] == "journal_entry"), "{text}");
                assert!(hits(books, Some(&clerk), &text).is_empty(), "{text}");
            }
        }
    });
}

/// Books with something of everything that is searched, changed after it was made; the customer and the item.
fn changed(books: &TestBooks) -> (Value, Value) {
    let (acme, bolt) = (customer(books, "ACME", "GB"), item(books, "BOLT", "2.50"));
    books.run("parties.save_party", json!({"id": acme, "name": "Renamed Quibble", "note": "Under the bridge"}));
    let bar = books.run("catalog.save_barcode", json!({"item": bolt, "code": "4006381333931"}));
    books.run("catalog.save_barcode", json!({"id": bar["id"], "code": "4006381333948"}));
    let draft = books.run("billing.save_draft", json!({"draft": {"party": acme, "lines": [{"item": bolt, "quantity": "3"}]}}));
    books.run("billing.save_draft", json!({"id": draft["id"], "draft": {"party": acme, "lines": [{"item": bolt, "quantity": "4"}]}}));
    books.run("billing.post_draft", json!({"id": draft["id"]}));
    let lines = json!([{"account": "7100", "debit": 1000}, {"account": "1200", "credit": 1000}]);
    books.run("ledger.post_entry", json!({"date": "2011-01-10", "text": "Bonus", "lines": lines}));
    (acme, bolt)
}

#[test]
fn what_is_searched_follows_its_rows_through_changes_and_undo() {
    let books = books();
    let before = books.app.read(|tx, _| daybook_core::daybook::chain::head(tx)).unwrap().0;
    let (acme, bolt) = changed(&books);
    search_follows(&books.app);
    assert!(finds(&books, "qiubble", &acme) && finds(&books, "4006381333948", &bolt));
    assert!(hits(&books, None, "400638133393").is_empty(), "the old bar code is gone, and the new one is two figures away");
    books.app.rebase(before, |_| Ok(())).unwrap();
    search_follows(&books.app);
    assert!(finds(&books, "qiubble", &acme) && finds(&books, "4006381333948", &bolt));
}

#[test]
fn what_is_searched_is_in_a_backup_and_in_books_that_were_older() {
    let books = books();
    let (acme, bolt) = changed(&books);
    let folder = tempfile::tempdir().unwrap();
    let (copy, older) = (folder.path().join("copy.books"), folder.path().join("older.books"));
    books.app.storage().books().unwrap().backup(&copy).unwrap();
    Books::create_older(&older, BEFORE).unwrap();
    let conn = rusqlite::Connection::open(&older).unwrap();
    conn.create_scalar_function("daybook_replaying", 0, rusqlite::functions::FunctionFlags::SQLITE_INNOCUOUS, |_| Ok(1)).unwrap();
    conn.execute("ATTACH ?1 AS newer", [copy.to_str().unwrap()]).unwrap();
    for table in tables(&conn) {
        conn.execute_batch(&format!("DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM newer.{table}"))
            .unwrap_or_else(|e| panic!("{table}: {e}"));
    }
    drop(conn);
    for path in [copy, older] {
        let again = TestBooks { app: App::open(&path, Mode::Write, clock()).unwrap(), folder: None };
        again.app.verify().unwrap();
        search_follows(&again.app);
        assert!(finds(&again, "qiubble", &acme) && finds(&again, "4006381333948", &bolt) && finds(&again, "bnous", &hits(&books, None, "bonus")[0]["id"]));
        assert!(without_steps(&again) == without_steps(&books), "the same rows");
    }
}

/// The last migration of books that were searched as typed only.
const BEFORE: i64 = 35;

/// The tables with rows that older books have.
fn tables(conn: &rusqlite::Connection) -> Vec<String> {
    let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT GLOB '*_fts*' AND name <> 'schema_migration' AND name NOT GLOB 'sqlite_*' \
               AND name NOT GLOB '*_search'";
    let mut listed = conn.prepare(sql).unwrap();
    let rows = listed.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn books_whose_search_lacks_something_are_not_proved() {
    let books = books();
    let (acme, _) = changed(&books);
    let searched = books.app.verify().unwrap().searched;
    assert_eq!(searched, 4, "a customer, an item, an invoice, an entry");
    books.app.storage().write(|tx| tx.raw("UPDATE party_search SET text = 'else'")).unwrap();
    assert_eq!(books.app.verify().unwrap_err().code(), "verify.search");
    books.run("parties.save_party", json!({"id": acme, "name": "Mended"}));
    books.app.verify().unwrap();
}

#[test]
fn names_in_every_script_are_found() {
    let names = [
        ("हिन्दी सेवा", "हिन्"),
        ("한국 무역", "한국"),
        ("บริษัท ไทย", "บริ"),
        ("Łódź Handlowa", "łodz"),
        ("شركة النور", "النور"),
        ("日本商事", "日本"),
        ("Straße 7", "straß"),
    ];
    each_database(|books| {
        let ids: Vec<Value> =
            names.iter().map(|(name, _)| books.run("parties.save_party", json!({"name": name, "country": "GB", "is_customer": true}))["id"].clone()).collect();
        for ((name, typed), id) in names.iter().zip(&ids) {
            let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(*typed).collect();
            let found = |text: &str| hits(books, None, text).iter().any(|hit| hit["id"] == *id);
            assert!(found(typed), "{name}: {typed}");
            assert!(found(name), "{name} in full");
            assert!(found(&decomposed), "{name}: {typed} with its marks apart");
        }
        for text in ["Ⓐ", "aⒷc", "Ⓐlpha Ⓑeta", "\u{301}", "🅰", "٣", "!!", "\u{200d}"] {
            hits(books, None, text);
        }
    });
}
