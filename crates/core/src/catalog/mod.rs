//! What is bought and sold: items, their units with exact ratios, barcodes, categories and prices.

pub mod api;
mod check;
mod model;
mod pricing;
mod selectors;
mod services;
mod units;

pub use api::BarcodeHit;
pub use model::{Barcode, Item, ItemCategory, ItemUnit, PriceList, PriceRow, PurchasePrice, Tracking, Unit};
pub use pricing::PriceFound;
pub use services::{ArchiveItem, InstallUnits, SaveBarcode, SaveCategory, SaveItem, SaveItemUnit, SavePrice, SavePriceList};

pub use crate::tax::{ItemKind, TaxClass};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;
use crate::shared::value::Column;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "catalog",
    commands: &[
        command::<SaveItem>().undoable(),
        command::<ArchiveItem>().undoable(),
        command::<SaveCategory>().undoable(),
        command::<SaveBarcode>().undoable(),
        command::<SaveItemUnit>(),
        command::<SavePriceList>().undoable(),
        command::<SavePrice>().undoable(),
        command::<InstallUnits>(),
    ],
    queries: &[query::<selectors::ItemDetails>(), query::<selectors::ItemPrice>(), query::<selectors::Scan>()],
    records: &[
        RecordEntry::of::<Item>(Permission::Read)
            .revisable_until("used", &["base_unit", "kind", "tracking"])
            .saved_by("catalog.save_item", Some("catalog.archive_item"))
            .searched(&["name", "code", "description", "standard_id"])
            .coded(|tx, code| Ok(api::by_barcode(tx, code)?.map(|hit| Column::to_val(&hit.item.id))))
            .ordered(&["name"])
            .sorted(&["code"])
            .indexed(),
        RecordEntry::of::<PurchasePrice>(Permission::SeeCosts).revisable().more_of("item"),
        RecordEntry::of::<ItemCategory>(Permission::Read).revisable().saved_by("catalog.save_category", None).searched(&["name"]).ordered(&["name"]).found(),
        RecordEntry::of::<Unit>(Permission::Read).searched(&["name", "code", "symbol"]),
        RecordEntry::of::<ItemUnit>(Permission::Read).saved_by("catalog.save_item_unit", None).ordered(&["item", "unit"]),
        RecordEntry::of::<Barcode>(Permission::Read).revisable().saved_by("catalog.save_barcode", None).searched(&["code"]).ordered(&["code"]),
        RecordEntry::of::<PriceList>(Permission::Read).revisable().saved_by("catalog.save_price_list", None).searched(&["name"]).ordered(&["name"]).found(),
        RecordEntry::of::<PriceRow>(Permission::Read).revisable().saved_by("catalog.save_price", None).ordered(&[
            "list",
            "item",
            "unit",
            "currency",
            "from_quantity",
            "valid_from",
        ]),
    ],
    machines: &[],
};
