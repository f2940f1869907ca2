//! What other modules ask of inventory.

use super::cost;
pub use super::model::{Location, LocationKind, Move};
use super::model::{MoveCost, Negative, StockLevel};
pub use super::proof::{value, verify};
use crate::catalog::Item;
use crate::db::Tx;
use crate::identity::Valuation;
use crate::ledger::api::{JournalCode, Posting, Role, debit};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Date, Id, Minor, Name, Price, Quantity};
use crate::vals;

/// One line of goods to move.
#[derive(Clone, Debug)]
pub struct Goods {
    /// What.
    pub item: Id<Item>,
    /// How much, in the base unit; above zero.
    pub quantity: Quantity,
    /// The line of the document.
    pub line: i64,
    /// What it costs altogether, when it comes in with a known cost.
    pub value: Option<Minor>,
}

/// The document that moves goods.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its kind: `billing_invoice`, `adjustment`, `receipt`.
    pub source: &'static str,
    /// Its id.
    pub id: Id<()>,
    /// Its business date.
    pub date: Date,
    /// Why, for adjustments.
    pub reason: Name,
}

/// What the moves did to the value of stock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// Cost that came in (above zero) or went out (below zero).
    pub value: Minor,
    /// Correction of the cost of goods that had left before their receipt.
    pub correction: Minor,
}

/// The location with this code; `location.unknown` otherwise.
pub fn location(tx: &mut Tx<'_>, code: &str) -> Result<Location> {
    let found: Vec<Location> = tx.find_all(&["code"], vals![code.to_owned()])?;
    found.into_iter().next().ok_or_else(|| Error::new(Kind::NotFound, "location.unknown").arg("code", code))
}

/// The firm's first location of a kind: its store, its customers, its losses.
pub fn location_of(tx: &mut Tx<'_>, kind: LocationKind) -> Result<Location> {
    let all = tx.whole::<Location>()?;
    let live = all.iter().filter(|location| location.kind == kind && !location.archived);
    live.min_by(|a, b| a.code.cmp(&b.code)).cloned().ok_or_else(|| Error::new(Kind::NotFound, "location.unknown").arg("code", kind))
}

/// On hand of an item in the firm's own locations.
pub fn on_hand(tx: &mut Tx<'_>, item: Id<Item>) -> Result<Quantity> {
    tx.one(include_str!("sql/on_hand.sql"), vals![item])
}

/// Moves goods from one location to another: moves, levels and costs, all in this transaction.
/// `stock.short` when a location that must not go below zero would. The answer is what it did to the
/// value of stock; none where the books do not hold costs.
pub fn transfer(tx: &mut Tx<'_>, cx: &mut Context, document: &Document, from: &Location, to: &Location, goods: &[Goods]) -> Result<Option<Effect>> {
    let mut mover = Mover::new(tx, document, from, to)?;
    for line in goods {
        mover.one(tx, cx, line, None)?;
    }
    mover.finish(tx)
}

/// Takes back every move of document `id`, at the cost it had. The answer is that of [`transfer`].
pub fn reverse(tx: &mut Tx<'_>, cx: &mut Context, id: Id<()>, document: &Document) -> Result<Option<Effect>> {
    let moves: Vec<Move> = tx.find_all(&["source_id"], vals![id])?;
    let mut sum = tx.holds::<MoveCost>().then(Effect::default);
    for old in moves {
        let (from, to) = (tx.get(vals![old.to_location])?, tx.get(vals![old.from_location])?);
        let value = if sum.is_some() { tx.find::<MoveCost>(vals![old.id])?.map(|cost| cost.value) } else { None };
        let mut mover = Mover::new(tx, document, &from, &to)?;
        mover.one(tx, cx, &Goods { item: old.item, quantity: old.quantity, line: old.line, value }, Some(old.id))?;
        sum = both(sum, mover.finish(tx)?)?;
    }
    Ok(sum)
}

/// What two transfers did together.
pub fn both(one: Option<Effect>, other: Option<Effect>) -> Result<Option<Effect>> {
    let (Some(one), Some(other)) = (one, other) else { return Ok(None) };
    Ok(Some(Effect { value: one.value.plus(other.value)?, correction: one.correction.plus(other.correction)? }))
}

/// Goods on their way between two locations. Rows are written at the end, all at once.
struct Mover<'a> {
    document: &'a Document,
    from: &'a Location,
    to: &'a Location,
    method: Valuation,
    digits: u32,
    effect: Option<Effect>,
    moves: Vec<Move>,
    costs: Vec<MoveCost>,
}

impl<'a> Mover<'a> {
    fn new(tx: &mut Tx<'_>, document: &'a Document, from: &'a Location, to: &'a Location) -> Result<Self> {
        let company = crate::identity::api::company(tx)?;
        let effect = tx.holds::<MoveCost>().then(Effect::default);
        let (method, digits) = (company.valuation, company.currency.digits());
        Ok(Mover { document, from, to, method, digits, effect, moves: Vec::new(), costs: Vec::new() })
    }
    fn finish(self, tx: &mut Tx<'_>) -> Result<Option<Effect>> {
        tx.insert_all(&self.moves)?;
        tx.insert_all(&self.costs)?;
        Ok(self.effect)
    }

    fn one(&mut self, tx: &mut Tx<'_>, cx: &mut Context, goods: &Goods, reverses: Option<Id<Move>>) -> Result<()> {
        if goods.quantity.is_zero() || goods.quantity.is_negative() {
            return Err(Error::invalid("stock.quantity").arg("quantity", goods.quantity).field(format!("lines[{}].quantity", goods.line)));
        }
        let moved = self.moved(cx, goods, reverses)?;
        self.shift(tx, cx, self.from, goods.item, goods.quantity.negated())?;
        self.shift(tx, cx, self.to, goods.item, goods.quantity)?;
        if let Some(effect) = self.effect {
            self.effect = Some(self.value(tx, goods, &moved, effect)?);
        }
        self.moves.push(moved);
        Ok(())
    }

    /// Finds what the goods cost, when they cross the firm's border, and adds it to `effect`.
    fn value(&mut self, tx: &mut Tx<'_>, goods: &Goods, moved: &Move, effect: Effect) -> Result<Effect> {
        match (self.from.kind.owned(), self.to.kind.owned()) {
            (true, false) => {
                let out = cost::take_out(tx, self.method, moved.id, goods.item, goods.quantity, self.digits)?;
                self.costs.push(MoveCost { r#move: moved.id, value: out.value, short_quantity: out.short });
                Ok(Effect { value: effect.value.minus(out.value)?, ..effect })
            }
            (false, true) => {
                let value = match goods.value {
                    Some(value) => value,
                    None => Minor::extend(goods.quantity, current_cost(tx, goods.item, self.digits)?, Quantity::ONE, self.digits)?,
                };
                let correction = cost::put_in(tx, self.method, moved, value, self.digits)?;
                self.costs.push(MoveCost { r#move: moved.id, value, short_quantity: Quantity::ZERO });
                Ok(Effect { value: effect.value.plus(value)?, correction: effect.correction.plus(correction)? })
            }
            _ => Ok(effect),
        }
    }

    fn moved(&self, cx: &mut Context, goods: &Goods, reverses: Option<Id<Move>>) -> Result<Move> {
        Ok(Move {
            id: cx.id("stock_move"),
            item: goods.item,
            from_location: self.from.id,
            to_location: self.to.id,
            quantity: goods.quantity,
            moved_on: self.document.date,
            recorded_at: cx.now,
            source: Code::new(self.document.source)?,
            source_id: self.document.id,
            line: goods.line,
            reason: self.document.reason.clone(),
            reverses,
        })
    }

    fn shift(&self, tx: &mut Tx<'_>, cx: &mut Context, location: &Location, item: Id<Item>, by: Quantity) -> Result<()> {
        let found: Option<StockLevel> = tx.find(vals![item, location.id])?;
        let have = found.as_ref().map(|level| level.quantity).unwrap_or_default();
        let new = StockLevel { item, location: location.id, quantity: have.plus(by)? };
        if new.quantity.is_negative() && by.is_negative() && location.kind.owned() && location.negative == Negative::Refuse {
            let name = crate::catalog::api::item(tx, item)?.name;
            let short = Error::new(Kind::State, "stock.short").arg("item", name).arg("have", have).arg("need", by.negated());
            cx.stop_unless_done(short.arg("location", &location.code))?;
        }
        match found {
            Some(old) => tx.update(&old, &new),
            None => tx.insert(&new),
        }
    }
}

/// What one unit of an item costs now: the average of what is owned, or the latest known cost.
pub fn current_cost(tx: &mut Tx<'_>, item: Id<Item>, digits: u32) -> Result<Price> {
    cost::current(tx, item, digits)
}

/// Posts what moves did to the value of stock: inventory against `other`, corrections against the
/// cost of goods. Where costs are not held, only the period is looked at: the server posts.
pub fn post_effect(tx: &mut Tx<'_>, cx: &mut Context, document: &Document, effect: Option<Effect>, other: Role, text: &Name) -> Result<()> {
    let Some(effect) = effect else {
        return crate::ledger::api::check_open(tx, cx, JournalCode::Stock, document.date);
    };
    if effect == Effect::default() {
        return Ok(());
    }
    let (value, correction) = (effect.value, effect.correction);
    let lines = vec![debit(Role::Inventory, value.minus(correction)?), debit(other, value.negated()), debit(Role::CostOfGoods, correction)];
    let posting = Posting::new(JournalCode::Stock, document.date, document.source, lines).document(document.id, Name::default()).text(text.clone());
    crate::ledger::api::post(tx, cx, posting).map(drop)
}

/// What the inventory account says stock is worth.
pub fn ledger_value(tx: &mut Tx<'_>) -> Result<Minor> {
    let account = crate::ledger::api::account_of(tx, Role::Inventory)?;
    tx.one("SELECT CAST(coalesce(sum(debit - credit), 0) AS BIGINT) FROM account_balance WHERE account = ?1", vals![account.id])
}

/// Books goods that were lost, used, found or counted; what `inventory.adjust` does.
pub fn adjust(tx: &mut Tx<'_>, cx: &mut Context, adjustment: super::Adjust) -> Result<super::Moved> {
    adjustment.make(tx, cx)
}
