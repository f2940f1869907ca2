//! What a client asks first: which program, which books, whose.

use std::sync::Arc;

use daybook_core::app::App;
use daybook_core::daybook::chain;
use daybook_core::identity::{Company, User};
use daybook_core::shared::Permission;
use daybook_core::shared::error::Result;
use daybook_sync::seat::Seat;
use serde::Serialize;

use crate::Desk;

/// The state of the program and its books.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Version of the program.
    pub version: &'static str,
    /// The books file.
    pub books: String,
    /// The company; none before the books are set up.
    pub company: Option<CompanyFacts>,
    /// Who acts.
    pub user: UserFacts,
    /// The newest entry.
    pub head: Head,
    /// How many entries the books lost (damaged log, restored copy).
    pub lost: i64,
    /// Whether the books may only be read here.
    pub read_only: bool,
    /// Who has to sign in before the books open; none when they are not locked.
    pub locked: Option<Locked>,
}

/// Books whose person signed out.
#[derive(Debug, Serialize)]
pub struct Locked {
    server: String,
    tenant: String,
    email: String,
}

/// What screens show of the company.
#[derive(Debug, Serialize)]
pub struct CompanyFacts {
    id: String,
    name: String,
    country: String,
    currency: String,
    sample: bool,
}

/// Who acts; empty before the books are set up.
#[derive(Debug, Default, Serialize)]
pub struct UserFacts {
    id: String,
    name: String,
    role: String,
    /// The permissions of the role.
    grants: Vec<Permission>,
}

/// The newest entry of the daybook.
#[derive(Debug, Default, Serialize)]
pub struct Head {
    pos: i64,
}

/// The status of `desk`.
pub fn status(desk: &Arc<Desk>) -> Result<Status> {
    let blank = Status {
        version: env!("CARGO_PKG_VERSION"),
        books: desk.path().display().to_string(),
        company: None,
        user: UserFacts::default(),
        head: Head::default(),
        lost: 0,
        read_only: desk.access() == crate::Access::Read,
        locked: None,
    };
    if let Some(seat) = Seat::read(&desk.path())?.filter(|seat| seat.locked) {
        return Ok(Status { locked: Some(Locked { server: seat.server, tenant: seat.tenant, email: seat.email }), ..blank });
    }
    if !desk.is_open()? {
        return Ok(blank);
    }
    desk.with(|app| of_app(app, blank))
}

fn of_app(app: &App, blank: Status) -> Result<Status> {
    app.read(|tx, cx| {
        let company = daybook_core::identity::api::find_company(tx)?.map(company_facts);
        let user = daybook_core::identity::api::user(tx, cx.actor)?.map(user_facts).unwrap_or_default();
        let (pos, _) = chain::head(tx)?;
        Ok(Status { company, user, head: Head { pos }, lost: app.lost(), ..blank })
    })
}

fn company_facts(company: Company) -> CompanyFacts {
    CompanyFacts {
        id: company.id.to_string(),
        name: company.name.to_string(),
        country: company.country.to_string(),
        currency: company.currency.to_string(),
        sample: company.sample,
    }
}

fn user_facts(user: User) -> UserFacts {
    let grants = Permission::WORDS.iter().filter_map(|word| Permission::from_word(word)).filter(|permission| user.role.grants(*permission));
    UserFacts { id: user.id.to_string(), name: user.name.to_string(), role: user.role.to_string(), grants: grants.collect() }
}
