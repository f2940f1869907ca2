//! The rows of the catalogue.

use crate::identity::Valuation;
use crate::shared::{Code, Currency, Date, Id, Name, Note, Price, Quantity, field};
use crate::tax::{ItemKind, TaxClass};
use crate::{choice, record};

choice! {
    /// Whether pieces of an item are told apart.
    pub enum Tracking {
        /// Not at all.
        None = "none",
        /// By lot.
        Lot = "lot",
        /// Each piece by its own number.
        Serial = "serial",
    }
}

record! {
    /// A unit of UN/ECE Recommendation 20 or a package of Recommendation 21.
    pub struct Unit in "unit" key 1 {
        /// The code: `C62`, `KGM`, `XBX`.
        code: Code = field().wide(4).listed(),
        /// English name.
        name: Name = field().wide(20).listed(),
        /// Symbol.
        symbol: Code = field().wide(6).listed(),
        /// What it measures: count, mass, length, area, volume, time, energy, package.
        dimension: Code = field().wide(8).listed(),
        /// One unit = numerator / denominator of the dimension's base; absent for packages.
        numerator: Option<i64>,
        /// See `numerator`.
        denominator: Option<i64>,
    }
}

record! {
    /// Accounts, tax and valuation that items have in common.
    pub struct ItemCategory in "item_category" key 1 {
        /// The id.
        id: Id<ItemCategory>,
        /// Name.
        name: Name = field().wide(24).required().listed(),
        /// The tax class of new items in it.
        tax_class: Option<TaxClass> = field().listed(),
        /// Account for sales, in place of the company's; empty for none.
        revenue_account: Code = field().group("accounts").listed(),
        /// Account for stock; empty for none.
        inventory_account: Code = field().group("accounts").listed(),
        /// Account for cost of goods sold; empty for none.
        cost_account: Code = field().group("accounts").listed(),
        /// How its stock is valued; the company's way when absent.
        valuation: Option<Valuation>,
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// Goods or a service.
    pub struct Item in "item" key 1 {
        /// The id.
        id: Id<Item>,
        /// Code, unique whatever its case (BT-155).
        code: Code = field().wide(12).required().listed(),
        /// The code in capitals.
        code_key: Name = field().readonly(),
        /// Name (BT-153).
        name: Name = field().wide(30).required().listed(),
        /// Description (BT-154).
        description: Note = field().wide(40),
        /// Goods or service; final once used.
        kind: ItemKind = field().required().listed(),
        /// Category.
        category: Option<Id<ItemCategory>> = field().to("item_category").listed(),
        /// The unit stock is counted in; final once used.
        base_unit: Code = field().wide(4).required().listed(),
        /// The unit it is sold in; the base unit when absent.
        sales_unit: Option<Code> = field().wide(4),
        /// The unit it is bought in; the base unit when absent.
        purchase_unit: Option<Code> = field().wide(4),
        /// Whether pieces are told apart; final once used.
        tracking: Tracking = field().group("stock"),
        /// How it is taxed at home.
        tax_class: TaxClass = field().group("tax"),
        /// Price of one sales unit in the company's currency.
        sales_price: Price = field().listed(),
        /// Whether the sales price includes the tax.
        price_includes_tax: bool,
        /// GTIN (BT-157, scheme 0160).
        standard_id: Code = field().wide(14),
        /// Country of origin (BT-159).
        origin_country: Code = field().wide(2).country(),
        /// Whether anything was ever done with it.
        used: bool = field().readonly(),
        /// Whether it is out of use.
        archived: bool = field().readonly(),
    }
}

record! {
    /// At which price an item is bought. Apart from the item: who sells it or moves it need not see that.
    pub struct PurchasePrice in "purchase_price" key 1 removable {
        /// The item.
        item: Id<Item> = field().to("item").listed(),
        /// Usual cost of one purchase unit in the company's currency.
        purchase_price: Price = field().listed(),
    }
}

record! {
    /// A code on a package of an item.
    pub struct Barcode in "item_barcode" key 1 {
        /// The id.
        id: Id<Barcode>,
        /// What the scanner reads, unique.
        code: Code = field().wide(16).required().listed(),
        /// The item.
        item: Id<Item> = field().to("item").required().listed(),
        /// The unit of the package.
        unit: Code = field().wide(4).listed(),
        /// How many of the unit it holds.
        quantity: Quantity = field().listed(),
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// A unit that holds for one item: one of it = numerator / denominator base units.
    pub struct ItemUnit in "item_unit" key 1 {
        /// The id.
        id: Id<ItemUnit>,
        /// The item.
        item: Id<Item> = field().to("item").required().listed(),
        /// The unit.
        unit: Code = field().wide(4).required().listed(),
        /// See the record.
        numerator: i64 = field().required().listed(),
        /// See the record.
        denominator: i64 = field().listed(),
    }
}

record! {
    /// A list of prices for some customers.
    pub struct PriceList in "price_list" key 1 {
        /// The id.
        id: Id<PriceList>,
        /// Name.
        name: Name = field().wide(24).required().listed(),
        /// Currency of new rows.
        currency: Currency = field().wide(3).required().listed(),
        /// Whether the prices of new rows include the tax.
        includes_tax: bool = field().listed(),
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// A price of an item on a list.
    pub struct PriceRow in "price" key 1 {
        /// The id.
        id: Id<PriceRow>,
        /// The list.
        list: Id<PriceList> = field().to("price_list").required().listed(),
        /// The item.
        item: Id<Item> = field().to("item").required().listed(),
        /// The unit the price is for.
        unit: Code = field().wide(4).listed(),
        /// From how many of the unit on it holds.
        from_quantity: Quantity = field().listed(),
        /// First day.
        valid_from: Date = field().required().listed(),
        /// Last day; none while it holds.
        valid_to: Option<Date> = field().listed(),
        /// Currency.
        currency: Currency = field().wide(3).required().listed(),
        /// Price of one unit.
        price: Price = field().required().listed(),
        /// Whether it includes the tax.
        includes_tax: bool = field().listed(),
    }
}
