//! Northwind as the sample company: contacts, items, opening stock, every shipped order as a posted
//! invoice, every open one as a draft, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::import_steps::{Meter, Opened, Progress, Steps, earlier_batch, seed};
use super::record_imports::{Work, carry_out, plan, target};
use super::setup::set_up;
use super::{App, Batch, Outcome};
use crate::importing::northwind::{Northwind, Order, Trade};
use crate::importing::sales::Counts;
use crate::importing::{Issue, Mapping, Table};
use crate::shared::error::{Error, Result};
use crate::shared::id::CommandId;
use crate::shared::{Code, Date, Instant, Minor, Name};
use crate::vals;

/// What the batch of the orders is called.
const KIND: &str = "northwind";
/// Put before the codes of suppliers: theirs are numbers, as those of the products.
const SUPPLIER_PREFIX: &str = "S";
/// Days until invoices are due; the orders do not say.
const PAYMENT_DAYS: i64 = 30;
/// Remark on the receipt of the opening stock.
const OPENING: &str = "Opening stock, cost assumed at 60 % of the list price";

/// What was made of Northwind's tables.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NorthwindReport {
    /// Customers and suppliers made.
    pub new_parties: i64,
    /// Items made.
    pub new_items: i64,
    /// Invoices posted.
    pub invoices: i64,
    /// Drafts of open orders.
    pub drafts: i64,
    /// Orders that the books had already.
    pub known_documents: i64,
    /// Σ net of the invoices.
    pub net: Minor,
    /// The currency of the amount.
    pub currency: String,
    /// The batch of the orders.
    pub batch: Option<String>,
    /// What a person should know, table by table.
    pub issues: Vec<Value>,
    /// Whether these tables were imported before, and nothing was done.
    pub repeated: bool,
}

impl App {
    /// Sets up the sample company Northwind Traders with everything it traded, in books that have no
    /// company. `company.exists` otherwise; `import.cancelled` when `progress` breaks; nothing is kept
    /// then.
    pub fn create_sample(&self, progress: Progress<'_>) -> Result<Outcome> {
        // In one batch, which nobody undoes step by step: the sample goes as a whole.
        self.batch(Some(CommandId::mint().cast()), |batch| {
            let company = json!({ "name": "Northwind Traders", "country": "US", "currency": "USD", "sample": true });
            let mut outcome = set_up(batch, company)?;
            import(batch, &Northwind::SAMPLE, self.now(), progress)?;
            outcome.pos = batch.pos();
            Ok(outcome)
        })
    }

    /// What importing Northwind's tables would do: it is done, and taken back in the same transaction.
    pub fn plan_northwind(&self, tables: &Northwind<'_>, progress: Progress<'_>) -> Result<NorthwindReport> {
        let mut planned = None;
        let rolled_back = self.batch(Some(CommandId::mint().cast()), |batch| {
            planned = Some(import(batch, tables, self.now(), progress)?);
            Err(Error::new(crate::shared::Kind::State, "import.cancelled"))
        });
        match planned {
            Some(report) => Ok(NorthwindReport { batch: report.batch.filter(|_| report.repeated), ..report }),
            None => rolled_back,
        }
    }

    /// Imports Northwind's tables into books that have a company. Contacts, items and orders that are
    /// there already are left out.
    pub fn import_northwind(&self, tables: &Northwind<'_>, progress: Progress<'_>) -> Result<NorthwindReport> {
        self.batch(Some(CommandId::mint().cast()), |batch| import(batch, tables, self.now(), progress))
    }
}

fn import(batch: &mut Batch<'_, '_>, tables: &Northwind<'_>, at: Instant, progress: Progress<'_>) -> Result<NorthwindReport> {
    let currency = crate::identity::api::company(batch.tx())?.currency;
    let trade = tables.trade(currency)?;
    if let Some(earlier) = earlier_batch(batch.tx(), KIND, &trade.hash)? {
        return Ok(NorthwindReport { batch: Some(earlier), repeated: true, currency: currency.to_string(), ..NorthwindReport::default() });
    }
    let files = [("customers.csv", tables.customers), ("suppliers.csv", tables.suppliers), ("products.csv", tables.products)];
    let read: Vec<(&str, Table)> = files.into_iter().map(|(name, bytes)| Ok((name, Table::read(bytes).map_err(|e| e.within(name))?))).collect::<Result<_>>()?;
    let mut meter = Meter::new(progress, read.iter().map(|(_, table)| table.rows.len()).sum::<usize>() + trade.orders.len());
    let seed = seed(batch.tx(), KIND, &trade.hash)?;
    let mut run = Run { steps: Steps::new(batch, seed, at), report: NorthwindReport { currency: currency.to_string(), ..NorthwindReport::default() } };
    let mut new_items = BTreeSet::new();
    for (name, table) in &read {
        let made = run.records(name, table, &mut meter).map_err(|e| e.within(name))?;
        if *name == "products.csv" {
            new_items = made;
        }
    }
    run.opening(&trade, &new_items)?;
    run.orders(&trade, &mut meter)?;
    meter.end()?;
    Ok(run.report)
}

/// One run inside its transaction.
struct Run<'a, 'b, 'c> {
    steps: Steps<'a, 'b, 'c>,
    report: NorthwindReport,
}

impl Run<'_, '_, '_> {
    /// Imports contacts or items; gives the codes of those that the books never had.
    fn records(&mut self, name: &str, table: &Table, meter: &mut Meter<'_>) -> Result<BTreeSet<String>> {
        let items = name == "products.csv";
        let mut target = target(if items { "items" } else { "parties" })?;
        match name {
            "customers.csv" => drop(target.preset.insert("payment_days".to_owned(), json!(PAYMENT_DAYS))),
            "suppliers.csv" => target.prefix = SUPPLIER_PREFIX,
            _ => {}
        }
        let mapping = target.guess(table);
        let plan = plan(self.steps.tx(), &target, table, &mapping)?;
        plan.check()?;
        let stage = if items { "items" } else { "contacts" };
        carry_out(&mut self.steps, &Work { target: &target, file: name, table, mapping: &mapping, plan: &plan }, stage, meter)?;
        let made = if items { &mut self.report.new_items } else { &mut self.report.new_parties };
        *made += plan.fresh();
        self.report.issues.extend(plan.issues.iter().map(|issue| shown(name, issue)));
        Ok(plan.records.into_iter().filter(|record| !record.known && record.restores.is_none()).map(|record| record.code).collect())
    }

    /// Receives what the new items began with, the day before the first order came in.
    fn opening(&mut self, trade: &Trade, new_items: &BTreeSet<String>) -> Result<()> {
        let Some(first) = trade.orders.iter().map(|order| order.ordered).min() else { return Ok(()) };
        let mut lines = Vec::with_capacity(trade.opening.len());
        for opening in trade.opening.iter().filter(|opening| new_items.contains(opening.item.as_str())) {
            lines.push(json!({ "item": self.item(&opening.item)?, "quantity": opening.quantity, "unit_cost": opening.unit_cost }));
        }
        if lines.is_empty() {
            return Ok(());
        }
        let args = json!({ "date": first.plus_days(-1)?, "lines": lines, "opening": true, "reference": OPENING });
        self.steps.execute("inventory.receive", args).map(drop)
    }

    /// Posts what was shipped, in the order in which it was, and keeps what is open as drafts.
    fn orders(&mut self, trade: &Trade, meter: &mut Meter<'_>) -> Result<()> {
        let mapping = Mapping::default();
        let rows = trade.orders.iter().map(|order| order.lines.len()).sum();
        let opened = Opened { kind: KIND, file: "order_lines.csv", hash: &trade.hash, header: KIND.to_owned(), mapping: &mapping, rows };
        let batch = self.steps.start(&opened)?;
        let known = self.known_orders()?;
        let (mut issues, mut skipped) = (Vec::new(), Vec::new());
        let mut orders: Vec<&Order> = trade.orders.iter().collect();
        orders.sort_by_key(|order| order.shipped.map_or((true, order.ordered), |day| (false, day)));
        let mut ids = Ids::default();
        for order in orders {
            meter.step("posting")?;
            if known.contains(order.number.as_str()) {
                self.report.known_documents += 1;
                issues.push(known_issue(order));
                skipped.extend(order.lines.iter().map(|line| line.n));
                continue;
            }
            let posted = self.draft(order, &mut ids).and_then(|draft| self.order(&batch, order, draft));
            posted.map_err(|e| e.within(format!("order {}", order.number)))?;
        }
        self.steps.notes(&batch, &issues, &skipped)?;
        self.report.issues.extend(issues.iter().map(|issue| shown("orders.csv", issue)));
        let report = &self.report;
        let counts = Counts { invoices: report.invoices, new_parties: report.new_parties, new_items: report.new_items, net: report.net, ..Counts::default() };
        self.report.batch = Some(self.steps.finish(&batch, &counts)?);
        Ok(())
    }

    fn order(&mut self, batch: &Value, order: &Order, draft: Value) -> Result<()> {
        if order.shipped.is_none() {
            let id = self.steps.make("billing.save_draft", json!({ "draft": draft }))?;
            let rows: Vec<Value> = order.lines.iter().map(|line| json!({ "n": line.n, "subject": id })).collect();
            self.report.drafts += 1;
            return self.steps.trace(batch, &rows);
        }
        let rows: Vec<i64> = order.lines.iter().map(|line| line.n).collect();
        let posted = self.steps.execute("importing.import_document", json!({ "batch": batch, "draft": draft, "rows": rows }))?;
        let net: Minor = crate::shared::command::read_args(posted.get("net").cloned().unwrap_or_default())?;
        self.report.invoices += 1;
        self.report.net = self.report.net.plus(net)?;
        Ok(())
    }

    /// The draft of an order: an invoice on the day it was shipped under the order's number, or a draft
    /// on the day it came in.
    fn draft(&mut self, order: &Order, ids: &mut Ids) -> Result<Value> {
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in &order.lines {
            let item = match ids.items.get(&line.item) {
                Some(id) => id.clone(),
                None => ids.items.entry(line.item.clone()).or_insert(self.item(&line.item)?).clone(),
            };
            lines.push(json!({
                "item": item, "quantity": line.quantity, "unit_price": line.price, "price_includes_tax": false, "allowance_percent": line.discount,
            }));
        }
        let party = match ids.parties.get(&order.customer) {
            Some(id) => id.clone(),
            None => ids.parties.entry(order.customer.clone()).or_insert(self.party(&order.customer)?).clone(),
        };
        let freight = json!({ "amount": order.freight, "reason": "Freight", "reason_code": "FC" });
        let charges = if order.freight.is_zero() { json!([]) } else { json!([freight]) };
        let (day, number): (Date, Option<&Name>) = order.shipped.map_or((order.ordered, None), |day| (day, Some(&order.number)));
        Ok(json!({
            "party": party, "issue_date": day, "delivery_date": order.shipped, "delivery_country": order.country, "sales_order": order.number,
            "buyer_reference": order.customer, "imported_number": number, "lines": lines, "charges": charges,
        }))
    }

    /// Numbers of the orders that the books have, as documents or as drafts.
    fn known_orders(&mut self) -> Result<BTreeSet<String>> {
        let sql = "SELECT sales_order FROM billing_document WHERE sales_order <> '' UNION SELECT text FROM number_issued WHERE document = ?1";
        let found: Vec<(String,)> = self.steps.tx().all(sql, vals![crate::billing::Kind::Invoice])?;
        Ok(found.into_iter().map(|(number,)| number).collect())
    }
    fn item(&mut self, code: &Code) -> Result<Value> {
        let found = crate::catalog::api::by_code(self.steps.tx(), code)?;
        found.map(|item| json!(item.id)).ok_or_else(|| missing("item", code))
    }
    fn party(&mut self, code: &Code) -> Result<Value> {
        let found = crate::parties::api::by_code(self.steps.tx(), code)?;
        found.map(|party| json!(party.id)).ok_or_else(|| missing("customer", code))
    }
}

/// The ids behind the codes that were looked up.
#[derive(Default)]
struct Ids {
    items: BTreeMap<Code, Value>,
    parties: BTreeMap<Code, Value>,
}

fn missing(what: &str, code: &Code) -> Error {
    Error::new(crate::shared::Kind::NotFound, "import.no_link").arg("value", code).arg("what", what)
}

/// An issue with its words and the table it is about.
fn shown(table: &str, issue: &Issue) -> Value {
    let mut shown = crate::importing::shown_issue(issue);
    if let Value::Object(facts) = &mut shown {
        facts.insert("file".to_owned(), table.into());
    }
    shown
}

fn known_issue(order: &Order) -> Issue {
    let row = order.lines.first().map(|line| line.n).unwrap_or_default();
    let rows = i64::try_from(order.lines.len()).unwrap_or(i64::MAX);
    Issue { row, rows, field: Code::fitted("OrderID"), code: Code::fitted("import.known_document"), value: order.number.clone() }
}
