//! Permissions and roles: one table that the core, the server, the UI, the docs and the tests read.

use crate::choice;

choice! {
    /// What a command or query needs its actor to be allowed.
    pub enum Permission {
        /// Set up the books: only while there is no company.
        Setup = "setup",
        /// Anyone who may open the books.
        Read = "read",
        /// Company, users, devices, numbering.
        Administer = "administer",
        /// Parties, items, prices.
        MasterData = "master_data",
        /// Drafts of sales documents.
        Sell = "sell",
        /// Issue invoices and credit notes.
        Invoice = "invoice",
        /// Move stock.
        Stock = "stock",
        /// Journal entries, accounts, taxes.
        Account = "account",
        /// Close and reopen periods.
        ClosePeriod = "close_period",
        /// See at which price goods are bought.
        SeeCosts = "see_costs",
        /// See ledger figures and reports, and what stock is worth.
        SeeLedger = "see_ledger",
        /// Import files and undo imports.
        Import = "import",
    }
}

choice! {
    /// What a person is in the firm.
    pub enum Role {
        /// Owns the firm: everything.
        Owner = "owner",
        /// Runs the program for the firm.
        Admin = "admin",
        /// Keeps the ledger.
        Accountant = "accountant",
        /// Sells.
        Sales = "sales",
        /// Buys.
        Purchasing = "purchasing",
        /// Works in the warehouse.
        Warehouse = "warehouse",
        /// Reads everything, writes nothing.
        Auditor = "auditor",
    }
}

impl Permission {
    /// Those that reading a record may need. Each is a scope: the unit in which rows travel to devices.
    pub const READING: [Permission; 3] = [Permission::Read, Permission::SeeCosts, Permission::SeeLedger];

    /// Whether it is one that reading a record may need.
    pub const fn is_reading(self) -> bool {
        matches!(self, Permission::Read | Permission::SeeCosts | Permission::SeeLedger)
    }
}

impl Role {
    /// The scopes that the device of such a person may hold: what the person may read, by the matrix.
    pub fn scopes(self) -> impl Iterator<Item = &'static str> {
        Permission::READING.into_iter().filter(move |permission| self.grants(*permission)).map(Permission::word)
    }
    /// The permission matrix.
    pub const fn grants(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Role::Owner | Role::Admin => true,
            Role::Accountant => !matches!(permission, P::Setup | P::Administer),
            Role::Sales => matches!(permission, P::Read | P::MasterData | P::Sell | P::Invoice),
            Role::Purchasing => matches!(permission, P::Read | P::MasterData | P::SeeCosts),
            Role::Warehouse => matches!(permission, P::Read | P::Stock),
            Role::Auditor => matches!(permission, P::Read | P::SeeCosts | P::SeeLedger),
        }
    }
}
