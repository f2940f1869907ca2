//! What can be typed after `daybook tenant`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{ListEvents, Resend, Subscribe};

/// The tenants of a central server.
#[derive(clap::Args)]
pub struct Tenant {
    /// The folder of the central server.
    #[arg(long, global = true, env = "DAYBOOK_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The PostgreSQL server with the tenants, a schema each.
    #[arg(long, global = true, env = "DAYBOOK_POSTGRES", value_name = "URL", hide_env_values = true)]
    pub postgres: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: TenantCommand,
}

/// What can be done with tenants.
#[derive(Subcommand)]
pub enum TenantCommand {
    /// Make a tenant; prints the owner's one-time password.
    Add(AddTenant),
    /// List the tenants.
    List,
    /// Bring the books of all tenants up to date now, instead of when somebody asks for them.
    Migrate,
    /// Let nobody in, at once.
    Suspend {
        /// Name of the tenant.
        name: String,
    },
    /// Let people in again.
    Resume {
        /// Name of the tenant.
        name: String,
    },
    /// Write every row of a tenant in a canonical form.
    Export {
        /// Name of the tenant.
        name: String,
        /// The file to write; it must not exist.
        out: PathBuf,
    },
    /// Delete a tenant with all its books.
    Drop {
        /// Name of the tenant.
        name: String,
        /// Its name again.
        #[arg(long, value_name = "NAME")]
        yes: String,
    },
    /// Show the files in which the scanner found malware, and those that wait for it.
    Files {
        /// Name of the tenant.
        name: String,
        /// Let the scanner look into every file again: it knows more signatures, or was wrong.
        #[arg(long)]
        scan_again: bool,
    },
    /// People who may come in.
    #[command(subcommand)]
    User(UserCommand),
    /// Shut out a person, a device or a session, at once.
    Revoke(Revoke),
    /// Whom the server tells of what happens in the books of a tenant.
    Events {
        /// Name of the tenant.
        tenant: String,
        /// What to do.
        #[command(subcommand)]
        events: TenantEvents,
    },
}

/// A tenant to make.
#[derive(clap::Args)]
pub struct AddTenant {
    /// Name of the tenant: small letters, digits and dashes. It is part of its address.
    pub name: String,
    /// E-mail address with which the owner signs in.
    #[arg(long, value_name = "E-MAIL")]
    pub owner_email: String,
    /// Name of the owner.
    #[arg(long, requires = "company")]
    pub owner: Option<String>,
    /// Registered name of the firm; without it the owner sets the books up.
    #[arg(long, requires_all = ["country", "currency"])]
    pub company: Option<String>,
    /// Country of the firm: a code (GB) or a name.
    #[arg(long, requires = "company")]
    pub country: Option<String>,
    /// Base currency: GBP, EUR …
    #[arg(long, requires = "company")]
    pub currency: Option<String>,
    /// Chart of accounts; the country's own when absent.
    #[arg(long, requires = "company")]
    pub chart: Option<String>,
    /// A file with the owner's password in its first line; a one-time password is made when absent.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// What can be done about people.
#[derive(Subcommand)]
pub enum UserCommand {
    /// List accounts with their state.
    List {
        /// Name of the tenant.
        tenant: String,
    },
    /// Add a person to the firm and let them in; prints a one-time password. No server may have the tenant
    /// open.
    Add {
        /// Name of the tenant.
        tenant: String,
        /// E-mail address to sign in with.
        email: String,
        /// Name of the person.
        #[arg(long)]
        name: String,
        /// What the person is: owner, admin, accountant, sales, purchasing, warehouse, auditor.
        #[arg(long)]
        role: String,
    },
    /// Give a person a new one-time password: a lost one, or somebody who was shut out.
    Invite {
        /// Name of the tenant.
        tenant: String,
        /// E-mail address of the account.
        email: String,
    },
}

/// Subscriptions and deliveries of a tenant.
#[derive(Subcommand)]
pub enum TenantEvents {
    /// Show subscriptions, the newest deliveries, and how they stand.
    List(ListEvents),
    /// Send events to somebody from now on.
    Subscribe(Subscribe),
    /// End a subscription and what still waits for it.
    Unsubscribe {
        /// Its id.
        #[arg(value_name = "SUBSCRIPTION")]
        id: String,
    },
    /// Try again what was given up: all of it, or one event.
    Resend(Resend),
}

/// Whom to shut out.
#[derive(clap::Args)]
pub struct Revoke {
    /// Name of the tenant.
    pub tenant: String,
    /// Whom.
    #[command(flatten)]
    pub whom: Whom,
}

/// Exactly one of three.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Whom {
    /// The person with this e-mail address: all sessions end, the password lets in no more.
    #[arg(long, value_name = "E-MAIL")]
    pub user: Option<String>,
    /// The device with this id: no answer to it any more.
    #[arg(long, value_name = "ID")]
    pub device: Option<String>,
    /// The session with this id.
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
}
