//! `daybook tenant list`.

use daybook_core::access::state;
use daybook_core::daybook::chain;
use daybook_core::identity::api::find_company;
use daybook_core::shared::error::Result as CoreResult;
use daybook_server::central::Place;
use serde_json::{Value, json};

use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Lists the tenants, each with its company and state. One that cannot be read says why.
pub fn run(place: &Place, screen: &Screen) -> Result<(), Failure> {
    let names = place.list().at("tenants")?;
    let all: Vec<Value> = names.iter().map(|name| facts(place, name).unwrap_or_else(|e| json!({ "tenant": name, "trouble": e.message() }))).collect();
    if screen.json {
        return screen.value(&json!({ "tenants": all }));
    }
    for tenant in &all {
        screen.say(line(tenant))?;
    }
    Ok(())
}

fn facts(place: &Place, name: &str) -> CoreResult<Value> {
    place.read_beside(name, |tx| {
        let company = find_company(tx)?.map(|company| company.name.to_string());
        let (entries, _) = chain::head(tx)?;
        Ok(json!({ "tenant": name, "company": company, "entries": entries, "suspended": state::is_suspended(tx)? }))
    })
}

fn line(tenant: &Value) -> String {
    let text = |name: &str| tenant.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let suspended = if tenant.get("suspended") == Some(&Value::Bool(true)) { "  suspended" } else { "" };
    format!("{:<24}{}{}{suspended}", text("tenant"), text("company"), text("trouble"))
}
