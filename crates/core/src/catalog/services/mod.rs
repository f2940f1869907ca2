//! Actions on the catalogue, one file each.

mod archive_item;
mod install_units;
mod save_barcode;
mod save_category;
mod save_item;
mod save_item_unit;
mod save_price;
mod save_price_list;

pub use archive_item::ArchiveItem;
pub use install_units::InstallUnits;
pub use save_barcode::SaveBarcode;
pub use save_category::SaveCategory;
pub use save_item::SaveItem;
pub use save_item_unit::SaveItemUnit;
pub use save_price::SavePrice;
pub use save_price_list::SavePriceList;
