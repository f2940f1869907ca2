//! Actions on parties, one file each.

mod archive_party;
mod merge_parties;
mod save_address;
mod save_identifier;
mod save_party;

pub use archive_party::ArchiveParty;
pub use merge_parties::MergeParties;
pub use save_address::SaveAddress;
pub use save_identifier::SaveIdentifier;
pub use save_party::SaveParty;
