//! The rows of inventory.

use crate::catalog::Item;
use crate::shared::{Code, Date, Id, Instant, Minor, Name, Price, Quantity, field};
use crate::{choice, record};

choice! {
    /// What a location is for.
    pub enum LocationKind {
        /// Goods are kept here.
        Storage = "storage",
        /// Only groups other locations.
        View = "view",
        /// Goods come from here.
        Supplier = "supplier",
        /// Goods go to here.
        Customer = "customer",
        /// Goods are made here.
        Production = "production",
        /// On the way between two places of the firm.
        Transit = "transit",
        /// Scrap, shrinkage, own use, and what is found.
        Loss = "loss",
        /// Where deliveries arrive.
        Input = "input",
        /// Where shipments leave.
        Output = "output",
    }
}

impl LocationKind {
    /// Whether goods there belong to the firm, hence to its stock value.
    pub const fn owned(self) -> bool {
        matches!(self, LocationKind::Storage | LocationKind::Production | LocationKind::Transit | LocationKind::Input | LocationKind::Output)
    }
}

choice! {
    /// Whether a location may show less than nothing.
    pub enum Negative {
        /// Goods may leave before their receipt is entered.
        Allow = "allow",
        /// A move that would leave less than nothing is refused.
        Refuse = "refuse",
    }
}

record! {
    /// A place in the tree of places.
    pub struct Location in "location" key 1 {
        /// The id.
        id: Id<Location>,
        /// Short code.
        code: Code = field().wide(12).required().listed(),
        /// Name.
        name: Name = field().wide(30).required().listed(),
        /// What it is for.
        kind: LocationKind = field().required().listed(),
        /// The location it lies in.
        parent: Option<Id<Location>> = field().to("location"),
        /// Whether it may show less than nothing.
        negative: Negative = field().listed(),
        /// Out of use.
        archived: bool,
    }
}

record! {
    /// Goods that moved.
    pub struct Move in "stock_move" key 1 {
        /// The id.
        id: Id<Move>,
        /// What moved.
        item: Id<Item> = field().wide(30).to("item").listed(),
        /// From where.
        from_location: Id<Location> = field().to("location").listed(),
        /// To where.
        to_location: Id<Location> = field().to("location").listed(),
        /// How much, in the item's base unit; above zero.
        quantity: Quantity = field().listed(),
        /// The business date.
        moved_on: Date = field().listed(),
        /// When it was recorded.
        recorded_at: Instant,
        /// What made it: `billing_invoice`, `adjustment`, `receipt` …
        source: Code = field().listed(),
        /// The document.
        source_id: Id<()>,
        /// The line of the document.
        line: i64,
        /// Why, for adjustments.
        reason: Name = field().listed(),
        /// The move it takes back.
        reverses: Option<Id<Move>>,
    }
}

record! {
    /// What goods cost that crossed the firm's border. Apart from the move: who moves goods need not see
    /// their cost.
    pub struct MoveCost in "move_cost" key 1 {
        /// The move.
        r#move: Id<Move>,
        /// Its cost in the base currency.
        value: Minor = field().listed(),
        /// How much of it left without a known receipt.
        short_quantity: Quantity,
    }
}

record! {
    /// On hand per item and location.
    pub struct StockLevel in "stock_level" key 2 {
        /// The item.
        item: Id<Item> = field().wide(30).to("item").listed(),
        /// The place.
        location: Id<Location> = field().to("location").listed(),
        /// On hand, in the item's base unit.
        quantity: Quantity = field().listed(),
    }
}

record! {
    /// What is owned of an item and what it cost.
    pub struct ItemCost in "item_cost" key 1 {
        /// The item.
        item: Id<Item> = field().to("item").listed(),
        /// Owned, over all locations of the firm.
        quantity: Quantity = field().listed(),
        /// Its cost; equals the item's share of the inventory account.
        value: Minor = field().listed(),
        /// Cost of one unit at the latest receipt.
        last_cost: Price = field().listed(),
        /// How much has left without a known receipt.
        short_quantity: Quantity,
        /// The provisional cost that was booked for it.
        short_value: Minor,
    }
}

record! {
    /// What is left of a receipt (first in, first out).
    pub struct CostLayer in "cost_layer" key 2 {
        /// The item.
        item: Id<Item>,
        /// The receipt.
        r#move: Id<Move>,
        /// Its date.
        moved_on: Date,
        /// What is left.
        remaining: Quantity,
        /// Cost of what is left.
        value: Minor,
    }
}

record! {
    /// What an issue took from a layer.
    pub struct CostTake in "cost_take" key 2 {
        /// The issue.
        r#move: Id<Move>,
        /// The receipt it took from.
        layer: Id<Move>,
        /// How much.
        quantity: Quantity,
        /// At which cost.
        value: Minor,
    }
}

record! {
    /// The cost of goods that had left before their receipt, corrected when it came.
    pub struct CostCorrection in "cost_correction" key 1 {
        /// The receipt.
        r#move: Id<Move>,
        /// The item.
        item: Id<Item>,
        /// How much of the shortage it covered.
        quantity: Quantity,
        /// Actual cost less provisional cost.
        value: Minor,
    }
}
