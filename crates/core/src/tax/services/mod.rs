//! Actions on taxes, one file each.

mod install_pack;
mod save_tax;
mod save_tax_rate;

pub use install_pack::{InstallPack, install};
pub use save_tax::SaveTax;
pub use save_tax_rate::SaveTaxRate;
