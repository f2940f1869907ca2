//! Actions on company and people, one file each.

mod change_company;
mod create_company;
mod save_identifier;
mod save_user;

pub use change_company::ChangeCompany;
pub use create_company::CreateCompany;
pub use save_identifier::SaveIdentifier;
pub use save_user::SaveUser;
