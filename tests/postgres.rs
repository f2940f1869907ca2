//! PostgreSQL with many tenants: a pool that carries no tenant, roles that see their own schema only.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daybook_core::app::{App, Call};
use daybook_core::db::{PgBooks, PgPool, PoolUse};
use daybook_core::shared::Error;
use daybook_core::shared::error::Kind;
use daybook_core::vals;
use serde_json::json;

use crate::support::{clock, pool, tenant_name};

fn url() -> Option<String> {
    std::env::var("DAYBOOK_TEST_POSTGRES").ok()
}

fn firm(pool: &Arc<PgPool>, name: &str) -> App {
    let tenant = tenant_name();
    pool.add_tenant(&tenant).expect("tenant");
    let app = App::open_postgres(Arc::clone(pool), &tenant, clock()).expect("books");
    app.execute(Call::new("identity.create_company", json!({"name": name, "country": "GB", "currency": "GBP"}))).expect("company");
    app
}

/// The settings that a transaction makes must not outlive it.
fn leaked(url: &str, pool: &Arc<PgPool>) -> Vec<String> {
    let mut direct = postgres::Client::connect(url, postgres::NoTls).expect("PostgreSQL");
    let fresh: String = direct.query_one("SELECT current_setting('search_path')", &[]).expect("setting").get(0);
    // Every connection of the pool is looked at from within: a tenantless query runs outside any scope.
    let seen = pool.settings().expect("settings");
    seen.into_iter().filter(|(path, role, timeout)| *path != fresh || role != "none" || timeout != "0").map(|found| format!("{found:?}")).collect()
}

#[test]
fn interleaved_tenants_see_their_own_rows_only() {
    let Some(url) = url() else { return };
    for size in [1, 2] {
        let pool = PgPool::new(&url, size).expect("pool");
        let firms: Vec<(String, App)> = (0..20).map(|n| (format!("Firm {n}"), firm(&pool, &format!("Firm {n}")))).collect();
        let done = AtomicUsize::new(0);
        std::thread::scope(|threads| {
            for lane in 0..4 {
                let (firms, done) = (&firms, &done);
                threads.spawn(move || {
                    for turn in 0..500 {
                        let (name, app) = &firms[(turn * 7 + lane * 5) % firms.len()];
                        one_turn(app, name, turn);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 2000);
        let PoolUse { open, idle, max, waiting } = pool.usage();
        assert!(open == idle && (1..=size).contains(&open) && (max, waiting) == (size, 0), "{:?}", pool.usage());
        assert_eq!(leaked(&url, &pool), Vec::<String>::new());
    }
}

/// Reads, writes, fails and panics in turn; whoever comes next must not notice.
fn one_turn(app: &App, name: &str, turn: usize) {
    let seen = app.query("identity.company", json!({})).expect("company");
    assert_eq!(seen["name"], name);
    match turn % 50 {
        0 => {
            app.execute(Call::new("identity.save_user", json!({"name": name, "role": "sales"}))).expect("person");
        }
        1 => {
            let strangers = app.read(|tx, _| tx.one::<i64>("SELECT count(*) FROM app_user WHERE name NOT IN (?1, 'Owner')", vals![name.to_owned()]));
            assert_eq!(strangers.expect("count"), 0);
        }
        2 => {
            let failed = app.storage().write(|tx| {
                tx.raw("UPDATE company SET city = 'nowhere'")?;
                Err::<(), _>(Error::new(Kind::State, "job.running"))
            });
            assert_eq!(failed.unwrap_err().code(), "job.running");
        }
        3 => {
            let outcome =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.read(|_, _| -> Result<(), Error> { std::panic::resume_unwind(Box::new(())) })));
            assert!(outcome.is_err());
        }
        _ => assert_eq!(seen["city"], ""),
    }
}

#[test]
fn a_tenants_role_cannot_reach_another_schema() {
    let Some(pool) = pool() else { return };
    let (ours, theirs) = (tenant_name(), tenant_name());
    for tenant in [&ours, &theirs] {
        pool.add_tenant(tenant).expect("tenant");
    }
    let app = App::open_postgres(Arc::clone(&pool), &ours, clock()).expect("books");
    App::open_postgres(Arc::clone(&pool), &theirs, clock()).expect("books");
    let theirs = format!("\"daybook_{theirs}\"");
    for sql in [
        format!("SELECT * FROM {theirs}.company"),
        format!("INSERT INTO {theirs}.device_state (name, value) VALUES ('a', 'b')"),
        format!("DROP TABLE {theirs}.company CASCADE"),
        format!("CREATE TABLE {theirs}.mine (id INT)"),
        "CREATE SCHEMA mine".to_owned(),
        "CREATE TABLE public.mine (id INT)".to_owned(),
        "COPY company FROM PROGRAM 'true'".to_owned(),
        "SELECT pg_read_file('postgresql.conf')".to_owned(),
        "SELECT lo_import('/etc/hostname')".to_owned(),
        "CREATE EXTENSION dblink".to_owned(),
        "SELECT rolpassword FROM pg_authid".to_owned(),
        "CREATE ROLE mine".to_owned(),
        "ALTER SYSTEM SET work_mem = '1GB'".to_owned(),
    ] {
        let refused = app.storage().write(|tx| tx.raw(&sql)).expect_err(&sql);
        assert!(["server.denied", "db.statement"].contains(&refused.code()), "{sql}: {refused}");
        if !sql.starts_with("ALTER SYSTEM") {
            assert_eq!(refused.code(), "server.denied", "{sql}: {refused}");
        }
    }
}

#[test]
fn who_serves_has_no_rights_of_its_own() {
    let Some(url) = url() else { return };
    let mut admin = postgres::Client::connect(&url, postgres::NoTls).expect("PostgreSQL");
    let login = format!("serving_{}", std::process::id());
    let made = format!("CREATE ROLE {login} LOGIN NOINHERIT CREATEROLE; GRANT CREATE ON DATABASE daybook TO {login}");
    admin.batch_execute(&made).expect("role");
    let serving = url.split(' ').map(|part| if part.starts_with("user=") { format!("user={login}") } else { part.to_owned() }).collect::<Vec<_>>().join(" ");
    let pool = PgPool::new(&serving, 2).expect("pool");
    let tenant = tenant_name();
    pool.add_tenant(&tenant).expect("tenant");
    let app = App::open_postgres(Arc::clone(&pool), &tenant, clock()).expect("books");
    app.set_up(json!({"name": "Acme", "country": "GB", "currency": "GBP"})).expect("company");
    let mut direct = postgres::Client::connect(&serving, postgres::NoTls).expect("PostgreSQL");
    let refused = direct.query(&format!("SELECT * FROM \"daybook_{tenant}\".company"), &[]).expect_err("no rights");
    assert_eq!(refused.code().map(|code| code.code()), Some("42501"));
    let other = firm(&pool, "Other");
    let names = pool.tenants().expect("tenants");
    let theirs = names.iter().filter(|name| **name != tenant).map(|name| format!("SELECT * FROM \"daybook_{name}\".company"));
    for sql in theirs.map(|select| format!("RESET ROLE; {select}")).chain(["SET SESSION AUTHORIZATION daybook".to_owned(), "SET ROLE daybook".to_owned()]) {
        let refused = app.storage().write(|tx| tx.raw(&sql)).expect_err(&sql);
        assert_eq!(refused.code(), "server.denied", "{sql}: {refused}");
    }
    drop((app, other, direct));
    pool.drop_tenant(&tenant).expect("dropped");
    assert!(!pool.tenants().expect("tenants").contains(&tenant));
}

#[test]
fn tenants_are_added_once_and_dropped_whole() {
    let Some(pool) = pool() else { return };
    let tenant = tenant_name();
    pool.add_tenant(&tenant).expect("tenant");
    assert_eq!(pool.add_tenant(&tenant).unwrap_err().code(), "tenant.exists");
    let app = App::open_postgres(Arc::clone(&pool), &tenant, clock()).expect("books");
    pool.drop_tenant(&tenant).expect("dropped");
    assert_eq!(pool.drop_tenant(&tenant).unwrap_err().code(), "tenant.unknown");
    assert_eq!(app.query("identity.company", json!({})).unwrap_err().code(), "tenant.unknown");
    assert_eq!(App::open_postgres(pool, &tenant, clock()).err().map(|e| e.code()), Some("tenant.unknown"));
}

#[test]
fn names_that_are_no_tenants_are_refused() {
    let Some(pool) = pool() else { return };
    for name in ["", "A", "a b", "a\"; DROP SCHEMA public", "../x", "ä", &"a".repeat(60)] {
        assert_eq!(pool.add_tenant(name).unwrap_err().code(), "tenant.name", "{name}");
    }
    assert_eq!(PgPool::new("host=", 1).err().map(|e| e.code()), Some("server.url"));
    let nobody = PgPool::new("host=/nonexistent user=daybook", 1).expect("pool");
    assert_eq!(nobody.ping().unwrap_err().code(), "server.unreachable");
}

#[test]
fn a_connection_that_broke_is_replaced() {
    let Some(url) = url() else { return };
    let pool = PgPool::new(&format!("{url} application_name=breaking"), 2).expect("pool");
    let app = firm(&pool, "Acme");
    let mut admin = postgres::Client::connect(&url, postgres::NoTls).expect("PostgreSQL");
    admin.batch_execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'breaking'").expect("broken");
    assert_eq!(app.query("identity.company", json!({})).expect("company")["name"], "Acme");
}

/// The process of PostgreSQL that answers `app`.
fn process(app: &App) -> i64 {
    app.read(|tx, _| tx.one("SELECT pg_backend_pid()", &[])).expect("process")
}

/// Makes a tenant that nobody opens.
fn neighbour(pool: &Arc<PgPool>) {
    let tenant = tenant_name();
    pool.add_tenant(&tenant).expect("tenant");
    PgBooks::create_older(Arc::clone(pool), &tenant, 0).expect("books");
}

#[test]
fn a_tenant_comes_back_to_the_connection_that_knows_it() {
    let Some(url) = url() else { return };
    let pool = PgPool::new(&url, 4).expect("pool");
    let one = firm(&pool, "One");
    (0..31).for_each(|_| neighbour(&pool));
    assert_eq!(pool.usage().open, 1);
    let others = [firm(&pool, "Two"), firm(&pool, "Three")];
    let processes = || [process(&one), process(&others[0]), process(&others[1])];
    let before = processes();
    assert!(before[0] != before[1] && before[1] == before[2], "{before:?}");
    for app in others.iter().chain([&one]) {
        app.execute(Call::new("identity.save_user", json!({"name": "Ann", "role": "sales"}))).expect("person");
    }
    (0..5).for_each(|_| neighbour(&pool));
    assert_eq!(processes(), before);
    assert_eq!(pool.usage().open, 2);
}

#[test]
fn a_connection_that_met_many_tenants_is_replaced() {
    let Some(url) = url() else { return };
    let pool = PgPool::new(&url, 1).expect("pool");
    let app = firm(&pool, "Acme");
    let before = process(&app);
    (0..199).for_each(|_| neighbour(&pool));
    assert_ne!(process(&app), before);
    assert_eq!(pool.usage(), PoolUse { open: 1, idle: 1, max: 1, waiting: 0 });
    assert_eq!(app.query("identity.company", json!({})).expect("company")["name"], "Acme");
}
