//! The subcommands, one file each.

pub mod accept_loss;
pub mod attention;
pub mod backup;
pub mod central;
pub mod connect;
pub mod disconnect;
pub mod dump;
pub mod events;
pub mod exec;
pub mod files;
pub mod import;
pub mod init;
pub mod list;
pub mod pdf;
pub mod query;
pub mod register;
pub mod report;
pub mod restore;
pub mod serve;
pub mod sign_in;
pub mod sync;
pub mod tenant;
pub mod verify;
