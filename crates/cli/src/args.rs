//! What can be typed. Help texts are the doc comments.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use daybook_server::central::Clamd;

pub use self::tenant::{AddTenant, Revoke, Tenant, TenantCommand, TenantEvents, UserCommand};

mod tenant;

/// Daybook: the books of a small firm in one file.
#[derive(Parser)]
#[command(name = "daybook", version, max_term_width = 100)]
pub struct Args {
    /// The books file; `firm.books` in your data folder when absent.
    #[arg(long, global = true, env = "DAYBOOK_BOOKS", value_name = "FILE", display_order = 900)]
    pub books: Option<PathBuf>,
    /// Answer with JSON, and with the error as JSON when something fails.
    #[arg(long, global = true, display_order = 901)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Subcommand)]
pub enum Command {
    /// Set up the books of a firm.
    Init(Init),
    /// Execute a command: `daybook exec parties.save_party '{"name": "Ann"}'`.
    Exec(Exec),
    /// Answer a query: `daybook query identity.company`.
    Query(Query),
    /// List the commands; with --json their schemas too.
    Commands,
    /// List the queries; with --json their schemas too.
    Queries,
    /// Print everything the program declares of itself, as JSON.
    #[command(hide = true)]
    Register,
    /// Import a file of another program: `daybook import sales FILE`; or take an import back:
    /// `daybook import undo BATCH`.
    Import(Import),
    /// List records: invoices, parties, items, accounts …
    List(List),
    /// Print documents as PDF.
    #[command(subcommand)]
    Pdf(Pdf),
    /// Run a report: trial_balance, profit_and_loss, balance_sheet, open_items, aged_receivables,
    /// party_ledger, account_ledger, journal, sales, stock_on_hand.
    Report(Report),
    /// Prove that the books are right; exit code 1 and the first bad row where they are not.
    Verify,
    /// Write a verified copy of the books.
    Backup(Backup),
    /// Put a backup in the place of the books.
    Restore(Restore),
    /// Go on with books that lost entries (damaged file, older copy put in place).
    AcceptLoss,
    /// Write every row in a canonical form: equal dumps, equal books.
    Dump(Dump),
    /// Give the books a server: join a firm there with books that do not exist yet, or send the books
    /// there as a new firm.
    Connect(Connect),
    /// Send what is new to the server and get what is new there.
    Sync(Sync),
    /// Show the work that the server did not accept, and deal with it.
    Attention(Attention),
    /// The files that are attached to something: where their content is, and how to get it.
    #[command(subcommand)]
    Files(Files),
    /// Sign this device out of its server; the books stay here, locked, with all that was not sent.
    Disconnect(Disconnect),
    /// Sign in again, after signing out or when the server asks for it.
    SignIn(SignIn),
    /// Serve the user interface to a browser on this computer; with --data be the central server.
    Serve(Serve),
    /// Make, list, suspend, export and delete the tenants of a central server.
    Tenant(Tenant),
    /// What happens after the commit: mail, webhooks and messages, and whom they go to.
    #[command(subcommand)]
    Events(Events),
}

/// A server for the books.
#[derive(clap::Args)]
pub struct Connect {
    /// Address of the server: https://books.example.org
    pub server: String,
    /// The firm's name there.
    #[arg(long)]
    pub tenant: String,
    /// The name to sign in with.
    #[arg(long)]
    pub email: String,
    /// File with the password; asked for when absent.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// File with a password to take the place of a one-time password.
    #[arg(long, value_name = "FILE")]
    pub new_password_file: Option<PathBuf>,
    /// What people call this device; the computer's name when absent.
    #[arg(long)]
    pub device: Option<String>,
}

/// What to do with what was not sent yet. Without a word about it, nothing is done where there is some.
#[derive(clap::Args)]
pub struct Disconnect {
    /// Send it first.
    #[arg(long)]
    pub send: bool,
    /// Keep it in the books here; it is sent after the next sign-in.
    #[arg(long, conflicts_with = "send")]
    pub keep: bool,
    /// Keep it, and write a copy of it to this file, which must not exist: a JSON object a line.
    #[arg(long, value_name = "FILE", conflicts_with = "send")]
    pub export: Option<PathBuf>,
}

/// Who signs in is known already.
#[derive(clap::Args)]
pub struct SignIn {
    /// File with the password; asked for when absent.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// File with a password to take the place of a one-time password.
    #[arg(long, value_name = "FILE")]
    pub new_password_file: Option<PathBuf>,
}

/// How long to sync.
#[derive(clap::Args)]
pub struct Sync {
    /// Go on until the program is ended; otherwise until there is nothing left to do.
    #[arg(long)]
    pub watch: bool,
    /// Append every message to this file, as a line of JSON: to look for a fault. It holds what the books hold.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// What to do with work that needs somebody; it is listed otherwise.
#[derive(clap::Args)]
pub struct Attention {
    /// Let this item go.
    #[arg(long, group = "deed", value_name = "COMMAND-ID", requires = "reason")]
    pub discard: Option<String>,
    /// Why: it is let go, asked for, or denied.
    #[arg(long)]
    pub reason: Option<String>,
    /// Try this item again; a change of a record is made to the record as it is now.
    #[arg(long, group = "deed", value_name = "COMMAND-ID")]
    pub resubmit: Option<String>,
    /// The item, and everything that failed because of it: all of it or nothing.
    #[arg(long, conflicts_with_all = ["ask", "approve", "deny", "withdraw", "args"])]
    pub chain: bool,
    /// Ask somebody who may to do what this item tried.
    #[arg(long, group = "deed", value_name = "COMMAND-ID", requires = "reason")]
    pub ask: Option<String>,
    /// Do what somebody asks for.
    #[arg(long, group = "deed", value_name = "REQUEST-ID")]
    pub approve: Option<String>,
    /// Do not do it.
    #[arg(long, group = "deed", value_name = "REQUEST-ID", requires = "reason")]
    pub deny: Option<String>,
    /// Ask no more.
    #[arg(long, group = "deed", value_name = "REQUEST-ID")]
    pub withdraw: Option<String>,
    /// With these arguments instead (JSON).
    #[arg(long, value_name = "JSON", requires = "resubmit")]
    pub args: Option<String>,
}

/// Attached files.
#[derive(Subcommand)]
pub enum Files {
    /// Attach a file to the company, a party, an item or a journal_entry.
    Attach {
        /// What sort of thing: company, party, item, journal_entry.
        kind: String,
        /// Its id.
        id: String,
        /// The file: PDF, PNG, JPEG, CSV, XLSX, ODS or XML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show them: here, sending, checking, elsewhere, coming, infected, stopped.
    List,
    /// Write one to a file of its own, fetched from the server when it is not here.
    Get {
        /// The hash, as the list shows it; its beginning will do.
        hash: String,
        /// The file to write; it must not exist.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// Subscriptions and deliveries.
#[derive(Subcommand)]
pub enum Events {
    /// Show subscriptions, the newest deliveries, and how they stand.
    List(ListEvents),
    /// Send events to somebody from now on.
    ///
    /// `daybook events subscribe webhook https://hooks.example.com/in`, `daybook events subscribe mail buyer
    /// --names billing.posted`. The secret of a webhook is shown once.
    Subscribe(Subscribe),
    /// End a subscription and what still waits for it.
    Unsubscribe {
        /// Its id.
        #[arg(value_name = "SUBSCRIPTION")]
        id: String,
    },
    /// Try again what was given up: all of it, or one event.
    Resend(Resend),
    /// Send the event daybook.test at once.
    Test {
        /// The subscription that gets it.
        #[arg(value_name = "SUBSCRIPTION")]
        id: String,
    },
    /// Deliver once what is due now; `daybook serve` does so by itself.
    Deliver,
}

/// Which deliveries to show.
#[derive(clap::Args)]
pub struct ListEvents {
    /// Only deliveries that were given up.
    #[arg(long)]
    pub dead: bool,
    /// How many deliveries, at most 500.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: u16,
}

/// Who is told of what.
#[derive(clap::Args)]
pub struct Subscribe {
    /// How they travel.
    #[arg(value_parser = ["mail", "webhook", "rabbitmq", "nats"])]
    pub channel: String,
    /// Where to: an e-mail address or `buyer` (the customer of each document), a URL, an exchange, what
    /// subjects begin with.
    pub target: String,
    /// Which events: billing.posted, billing.*, or * for all; several with commas between.
    #[arg(long, default_value = "*", value_name = "NAMES")]
    pub names: String,
}

/// What is sent again.
#[derive(clap::Args)]
pub struct Resend {
    /// The event as the list names it: POSITION.ORDINAL.
    #[arg(value_name = "EVENT")]
    pub event: Option<String>,
    /// Only for this subscription.
    #[arg(long, value_name = "SUBSCRIPTION")]
    pub to: Option<String>,
}

/// Facts of a new company.
#[derive(clap::Args)]
pub struct Init {
    /// Registered name.
    #[arg(long, required_unless_present = "sample")]
    pub name: Option<String>,
    /// Country: a code (GB) or a name.
    #[arg(long, required_unless_present = "sample")]
    pub country: Option<String>,
    /// Base currency: GBP, EUR …
    #[arg(long, required_unless_present = "sample")]
    pub currency: Option<String>,
    /// Chart of accounts: gb, de, fr, us, ifrs; the country's own when absent.
    #[arg(long)]
    pub chart: Option<String>,
    /// Make the sample company instead, to try things on.
    #[arg(long, conflicts_with_all = ["name", "country", "currency", "chart"])]
    pub sample: bool,
}

/// A command to execute.
#[derive(clap::Args)]
pub struct Exec {
    /// Its name; `daybook commands` lists them.
    pub name: String,
    /// Arguments: JSON, @FILE, or - for standard input.
    #[arg(default_value = "{}")]
    pub args: String,
    /// Id of this call: tried again with the same id, it still happens once.
    #[arg(long, value_name = "UUID")]
    pub id: Option<String>,
}

/// A query to answer.
#[derive(clap::Args)]
pub struct Query {
    /// Its name; `daybook queries` lists them.
    pub name: String,
    /// Arguments: JSON, @FILE, or - for standard input.
    #[arg(default_value = "{}")]
    pub args: String,
}

/// A file to import, or an import to take back.
#[derive(clap::Args)]
pub struct Import {
    /// What is in the file: sales, parties, items, or any record that can be saved; northwind for a
    /// folder with its tables; undo to take a batch back.
    pub kind: String,
    /// The file; the batch for undo, as the import printed it.
    #[arg(value_name = "FILE|BATCH")]
    pub file: String,
    /// Which column means a field, where the guess is wrong: --map date=InvoiceDate.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    pub map: Vec<String>,
    /// Only say what would happen.
    #[arg(long)]
    pub dry_run: bool,
}

/// What to list.
#[derive(clap::Args)]
pub struct List {
    /// The records: invoices, parties, items, accounts, entries …
    pub record: String,
    /// Condition on a field: --filter country=FR --filter 'issue_date>=2011-01-01'; ^= means "begins with".
    #[arg(long, value_name = "FIELD=VALUE")]
    pub filter: Vec<String>,
    /// Words to search for.
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Field to sort by; -FIELD sorts the largest first.
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// How many rows, at most 500.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: u16,
    /// Continue after a page: what the page before printed.
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
}

/// Documents as PDF.
#[derive(Subcommand)]
pub enum Pdf {
    /// One invoice or credit note.
    Invoice {
        /// Its number.
        number: String,
        /// The file to write.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// All invoices and credit notes of a period.
    Invoices {
        /// First day of issue.
        #[arg(long, value_name = "DATE")]
        from: String,
        /// Last day of issue.
        #[arg(long, value_name = "DATE")]
        to: String,
        /// A folder, or a file that ends in .zip.
        #[arg(short, long, value_name = "FOLDER|FILE.zip")]
        output: PathBuf,
    },
}

/// A report to run.
#[derive(clap::Args)]
pub struct Report {
    /// Its name: trial_balance, profit_and_loss, balance_sheet, open_items, aged_receivables,
    /// party_ledger, account_ledger, journal, sales or stock_on_hand.
    pub name: String,
    /// First day.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Last day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// The day it shows.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Code, name or id of a customer or supplier.
    #[arg(long)]
    pub party: Option<String>,
    /// Number, name or id of an account.
    #[arg(long)]
    pub account: Option<String>,
    /// What to group by: customer, item, country, month.
    #[arg(long)]
    pub group: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Forms of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// An aligned table.
    Text,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

/// Where the copy goes.
#[derive(clap::Args)]
pub struct Backup {
    /// The file to write; it must not exist.
    pub out: PathBuf,
}

/// What to restore.
#[derive(clap::Args)]
pub struct Restore {
    /// The backup.
    pub input: PathBuf,
    /// Put it in the place of books that exist; they are kept beside it under another name.
    #[arg(long)]
    pub replace: bool,
}

/// How to dump.
#[derive(clap::Args)]
pub struct Dump {
    /// Print only a hash of the dump.
    #[arg(long)]
    pub hash: bool,
}

/// How to serve.
#[derive(clap::Args)]
pub struct Serve {
    /// Address and port; port 0 takes a free one. The user interface is served on loopback addresses only.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Serve the sample company, made on the first run, in books of its own.
    #[arg(long, conflicts_with = "books")]
    pub sample: bool,
    /// Change nothing, and let another program hold the books.
    #[arg(long)]
    pub read_only: bool,
    /// Be the central server of the tenants in this folder instead; the signing keys are in it too.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["books", "sample", "read_only"])]
    pub data: Option<PathBuf>,
    /// Keep the tenants on this PostgreSQL server, a schema each.
    #[arg(long, value_name = "URL", env = "DAYBOOK_POSTGRES", requires = "data", hide_env_values = true)]
    pub postgres: Option<String>,
    /// The most connections to PostgreSQL.
    #[arg(long, value_name = "N", default_value_t = 16, requires = "data")]
    pub connections: usize,
    /// So many tenants are open at a time.
    #[arg(long, value_name = "N", default_value_t = 200, requires = "data")]
    pub open: usize,
    /// Requests that take longer are logged as slow.
    #[arg(long, value_name = "MS", default_value_t = 300, requires = "data")]
    pub slow_ms: u64,
    /// So many connections of clients are served at a time.
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "data")]
    pub clients: usize,
    /// The longest that an answer may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), requires = "data")]
    pub answer_s: u64,
    /// A reverse proxy is in front: believe what it says of the client's address (X-Forwarded-For).
    #[arg(long, requires = "data")]
    pub behind_proxy: bool,
    /// Let clamd look into every file before anybody gets it: unix:/run/clamav/clamd.ctl, or host:port.
    #[arg(long, value_name = "ADDRESS", env = "DAYBOOK_CLAMD", requires = "data")]
    pub clamd: Option<Clamd>,
    /// The largest file that is taken, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 20, requires = "data", value_parser = clap::value_parser!(u64).range(1..=20))]
    pub file_mib: u64,
    /// The most that all files of a firm may take, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 10_240, requires = "data")]
    pub files_mib: u64,
}
