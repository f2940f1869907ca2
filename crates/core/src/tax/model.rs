//! The rows of tax.

use crate::shared::{Code, Date, Id, Name, Rate, field};
use crate::{choice, record};

choice! {
    /// VAT category of EN 16931 (UNCL 5305, BT-151).
    pub enum Category {
        /// Standard and reduced rates.
        Standard = "S",
        /// Zero rate.
        Zero = "Z",
        /// Exempt.
        Exempt = "E",
        /// Reverse charge: the buyer accounts for the tax.
        ReverseCharge = "AE",
        /// Supply of goods within the Union.
        IntraCommunity = "K",
        /// Export.
        Export = "G",
        /// Outside the scope of the tax.
        Outside = "O",
    }
}

choice! {
    /// On which documents a tax may stand.
    pub enum Direction {
        /// Sales only.
        Sales = "sales",
        /// Purchases only.
        Purchases = "purchases",
        /// Both.
        Both = "both",
    }
}

choice! {
    /// Which of the two a document is.
    pub enum Side {
        /// The company sells.
        Sales = "sales",
        /// The company buys.
        Purchases = "purchases",
    }
}

choice! {
    /// How an item is taxed at home; what rate that means is the country's rules' to say.
    pub enum TaxClass {
        /// The country's standard rate.
        Standard = "standard",
        /// Its reduced rate.
        Reduced = "reduced",
        /// Its second reduced rate.
        SecondReduced = "second_reduced",
        /// Its lowest rate.
        SuperReduced = "super_reduced",
        /// Its zero rate.
        Zero = "zero",
        /// Exempt.
        Exempt = "exempt",
        /// Not a supply for the tax.
        Outside = "outside",
    }
}

choice! {
    /// What is sold.
    pub enum ItemKind {
        /// Goods: they can lie in a store.
        Goods = "goods",
        /// A service.
        Service = "service",
    }
}

choice! {
    /// Where the other party is, seen from the company.
    pub enum Zone {
        /// In the same VAT territory.
        Domestic = "domestic",
        /// In another member state of the Union, on that date.
        Eu = "eu",
        /// Anywhere else.
        World = "world",
    }
}

impl Category {
    /// Whether EN 16931 wants the reason (BT-120 or BT-121): rules BR-E-10, BR-AE-10, BR-IC-10,
    /// BR-G-10, BR-O-10; BR-S-10 and BR-Z-10 forbid one.
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Category::Standard | Category::Zero)
    }
    /// Whether a buyer may have to account for the tax himself.
    pub const fn may_be_self_assessed(self) -> bool {
        matches!(self, Category::ReverseCharge | Category::IntraCommunity | Category::Export)
    }
}

impl Direction {
    /// Whether a tax of this direction may stand on documents of `side`.
    pub const fn covers(self, side: Side) -> bool {
        match self {
            Direction::Both => true,
            Direction::Sales => matches!(side, Side::Sales),
            Direction::Purchases => matches!(side, Side::Purchases),
        }
    }
}

record! {
    /// A tax.
    pub struct Tax in "tax" key 1 {
        /// The id.
        id: Id<Tax>,
        /// Short code, unique.
        code: Code = field().wide(6).required().listed(),
        /// Name.
        name: Name = field().wide(30).required().listed(),
        /// EN 16931 category.
        category: Category = field().required().listed(),
        /// On which documents it may stand.
        direction: Direction = field().required().listed(),
        /// Exemption reason code (BT-121, VATEX list).
        exemption_code: Code = field().wide(16).listed(),
        /// Exemption reason (BT-120).
        exemption_text: Name = field().wide(30),
        /// Role of the account that sales post it to.
        sales_account: Code = field().group("accounts"),
        /// Role of the account that purchases post it to.
        purchase_account: Code = field().group("accounts"),
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// A rate of a tax, from its date until the next one's or its own last day.
    pub struct TaxRate in "tax_rate" key 2 {
        /// The tax.
        tax: Id<Tax> = field().to("tax").required().listed(),
        /// First day.
        valid_from: Date = field().required().listed(),
        /// Last day; none when the next rate ends it.
        valid_to: Option<Date> = field().listed(),
        /// Percent.
        rate: Rate = field().required().listed(),
        /// Whether a posted document stands on it: the percentage is final then.
        used: bool = field().readonly().listed(),
    }
}

record! {
    /// A rule: the first that fits, in the order of `n`, gives the tax. What is absent fits everything.
    pub struct TaxRule in "tax_rule" key 1 {
        /// Its place.
        n: i64 = field().listed(),
        /// The item's class.
        item_class: Option<TaxClass> = field().listed(),
        /// Goods or service.
        item_kind: Option<ItemKind> = field().listed(),
        /// Where the party is.
        zone: Option<Zone> = field().listed(),
        /// Whether the party has a VAT identifier of another member state.
        vat_id: Option<bool> = field().listed(),
        /// First day.
        valid_from: Option<Date> = field().listed(),
        /// Last day.
        valid_to: Option<Date> = field().listed(),
        /// The tax of sales.
        sales: Id<Tax> = field().to("tax").listed(),
        /// The tax of purchases.
        purchases: Id<Tax> = field().to("tax").listed(),
    }
}
