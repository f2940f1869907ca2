//! Actions on company, people and devices, one file each.

mod change_company;
mod create_company;
mod register_device;
mod retire_device;
mod save_identifier;
mod save_user;

pub use change_company::ChangeCompany;
pub use create_company::CreateCompany;
pub use register_device::RegisterDevice;
pub use retire_device::RetireDevice;
pub use save_identifier::SaveIdentifier;
pub use save_user::SaveUser;
