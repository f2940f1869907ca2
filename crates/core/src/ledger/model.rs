//! The rows of the ledger.

use crate::shared::{Code, Currency, Date, Id, Instant, Minor, Name, Rate, field};
use crate::{choice, record};

choice! {
    /// What an account is; decides the statement it stands on and the side that increases it.
    pub enum AccountKind {
        /// What the firm owns or is owed.
        Asset = "asset",
        /// What the firm owes.
        Liability = "liability",
        /// What belongs to the owners.
        Equity = "equity",
        /// What it earns.
        Income = "income",
        /// What it spends.
        Expense = "expense",
    }
}

choice! {
    /// The purposes for which the program finds an account by itself. Each chart names one account
    /// per role (assets/README.md says what each is for).
    pub enum Role {
        /// Trade debtors.
        Receivable = "receivable",
        /// Trade creditors.
        Payable = "payable",
        /// Bank.
        Bank = "bank",
        /// Cash in hand.
        Cash = "cash",
        /// Stock at cost.
        Inventory = "inventory",
        /// Delivered at cost, not invoiced yet.
        GoodsDeliveredNotInvoiced = "goods_delivered_not_invoiced",
        /// Received, not billed yet.
        GoodsReceivedNotBilled = "goods_received_not_billed",
        /// Payments on account by customers.
        PrepaymentReceived = "prepayment_received",
        /// Tax on sales.
        OutputTax = "output_tax",
        /// Tax on purchases.
        InputTax = "input_tax",
        /// Tax owed once a return is closed.
        TaxPayable = "tax_payable",
        /// To be cleared up.
        Suspense = "suspense",
        /// Results of earlier years.
        RetainedEarnings = "retained_earnings",
        /// Result at closing.
        YearResult = "year_result",
        /// The other side of opening balances.
        OpeningBalance = "opening_balance",
        /// Revenue.
        Sales = "sales",
        /// Discounts given.
        SalesDiscount = "sales_discount",
        /// Carriage charged to customers.
        FreightOut = "freight_out",
        /// Gains from exchange rates.
        ExchangeGain = "exchange_gain",
        /// Losses from exchange rates.
        ExchangeLoss = "exchange_loss",
        /// Bought without passing through stock.
        Purchases = "purchases",
        /// Cost of stock delivered.
        CostOfGoods = "cost_of_goods",
        /// Count differences and write-offs.
        StockGainLoss = "stock_gain_loss",
        /// Fees of marketplaces and payment providers.
        FeesExpense = "fees_expense",
        /// Fees of the bank.
        BankCharges = "bank_charges",
        /// Small differences.
        Rounding = "rounding",
    }
}

impl Role {
    /// Whether its account is kept per party (a control account with a sub-ledger).
    pub const fn by_party(self) -> bool {
        matches!(self, Role::Receivable | Role::Payable)
    }
}

record! {
    /// An account of the general ledger.
    pub struct Account in "account" key 1 {
        /// The id.
        id: Id<Account>,
        /// Its number in the chart.
        code: Code = field().wide(8).required().listed(),
        /// Name.
        name: Name = field().wide(36).required().listed(),
        /// What it is; frozen once used.
        kind: AccountKind = field().required().listed(),
        /// What the program uses it for; frozen once used.
        role: Option<Role> = field().wide(20).listed(),
        /// The heading it stands under.
        parent: Option<Id<Account>> = field().to("account"),
        /// Whether lines may be posted to it; a heading takes none.
        postable: bool = field().listed(),
        /// Kept per customer or supplier: its lines name one and stay open until settled. Frozen once
        /// used.
        by_party: bool = field(),
        /// Takes lines of this currency only.
        currency: Option<Currency> = field().wide(3),
        /// Whether it is out of use.
        archived: bool = field().readonly(),
    }
}

choice! {
    /// What a journal collects.
    pub enum JournalKind {
        /// Invoices and credit notes to customers.
        Sales = "sales",
        /// Bills of suppliers.
        Purchases = "purchases",
        /// Stock at cost.
        Stock = "stock",
        /// Bank and cash.
        Bank = "bank",
        /// Everything else.
        General = "general",
        /// Opening balances.
        Opening = "opening",
    }
}

choice! {
    /// The journals every company has.
    pub enum JournalCode {
        /// Sales.
        Sales = "SAL",
        /// Purchases.
        Purchases = "PUR",
        /// Stock.
        Stock = "STK",
        /// Bank and cash.
        Bank = "BNK",
        /// General.
        General = "GEN",
        /// Opening balances.
        Opening = "OPN",
    }
}

record! {
    /// A journal: entries of one sort, numbered without gaps per fiscal year.
    pub struct Journal in "journal" key 1 {
        /// The id.
        id: Id<Journal>,
        /// Short code.
        code: Code = field().wide(4).listed(),
        /// Name.
        name: Name = field().wide(20).listed(),
        /// What it collects.
        kind: JournalKind = field().listed(),
    }
}

choice! {
    /// What is closed by itself.
    pub enum Area {
        /// Everything.
        All = "all",
        /// Invoices and credit notes to customers.
        Sales = "sales",
        /// Bills of suppliers.
        Purchases = "purchases",
        /// Stock.
        Stock = "stock",
        /// Lines with a tax code.
        Tax = "tax",
    }
}

record! {
    /// How far an area is closed. A closed (soft) row may be reopened for a time, a locked (hard) one
    /// never.
    pub struct PeriodLock in "period_lock" key 2 {
        /// What is closed.
        area: Area = field().listed(),
        /// Locked for good.
        hard: bool = field().listed(),
        /// The last closed day.
        locked_through: Date = field().listed(),
        /// Why.
        reason: Name = field().wide(30).listed(),
        /// Reopened from this instant …
        reopen_from: Option<Instant> = field(),
        /// … until just before this one.
        reopen_until: Option<Instant> = field(),
    }
}

record! {
    /// The newest entry number of a journal in a fiscal year.
    pub struct EntrySeries in "entry_series" key 2 {
        /// The journal.
        journal: Id<Journal> = field().to("journal"),
        /// The fiscal year's label: `2010`, or `2010/11` when it does not begin in January.
        year: Code,
        /// The newest number.
        last: i64,
    }
}

record! {
    /// A posted journal entry. Final: corrected by another entry only. Its validation date (FEC
    /// ValidDate) is `recorded_at`.
    pub struct Entry in "journal_entry" key 1 {
        /// The id.
        id: Id<Entry>,
        /// The journal.
        journal: Id<Journal> = field().to("journal").listed(),
        /// The fiscal year's label.
        year: Code = field().wide(7),
        /// Gapless within journal and year.
        number: i64 = field().wide(7).listed(),
        /// Accounting date: the period it lands in.
        date: Date = field().listed(),
        /// The date on the document.
        document_date: Date = field().listed(),
        /// When it was posted.
        recorded_at: Instant = field(),
        /// What made it: `billing_invoice`, `stock_move`, `manual` …
        source: Code = field().wide(14),
        /// The document.
        source_id: Option<Id<()>>,
        /// The document's number.
        reference: Name = field().wide(16).listed(),
        /// What happened.
        text: Name = field().wide(40).listed(),
        /// The entry it takes back.
        reverses: Option<Id<Entry>> = field().to("journal_entry"),
    }
}

record! {
    /// A line of a journal entry: exactly one of debit and credit is set.
    pub struct Line in "journal_line" key 2 {
        /// The entry.
        entry: Id<Entry> = field().to("journal_entry"),
        /// Its place in the entry, from 1.
        n: i64 = field().wide(3),
        /// The account.
        account: Id<Account> = field().to("account").listed(),
        /// Accounting date, the entry's.
        date: Date = field().listed(),
        /// Customer or supplier.
        party: Option<Id<()>> = field().to("party").listed(),
        /// Debit in base currency.
        debit: Minor = field().listed().in_base(),
        /// Credit in base currency.
        credit: Minor = field().listed().in_base(),
        /// The currency of the document.
        currency: Currency = field().wide(3),
        /// The amount in that currency, on the same side; empty in base currency.
        foreign_amount: Option<Minor>,
        /// What the line is for; empty = the entry's text.
        text: Name = field().wide(30),
        /// Tax code.
        tax: Option<Code> = field(),
        /// The amount the tax is of, in base currency; negative when taken back.
        tax_base: Option<Minor> = field().in_base(),
        /// When it is to be paid.
        due_date: Option<Date> = field(),
        /// The largest account of the other side.
        counter_account: Option<Id<Account>> = field().to("account"),
    }
}

record! {
    /// Maintained: what an account took in a month.
    pub struct AccountBalance in "account_balance" key 2 removable {
        /// The account.
        account: Id<Account> = field().to("account"),
        /// The month: `2010-12`.
        month: Code,
        /// Σ debit.
        debit: Minor,
        /// Σ credit.
        credit: Minor,
    }
}

record! {
    /// Maintained: what a party's lines on an account took in a month.
    pub struct PartyBalance in "party_balance" key 3 removable {
        /// The party.
        party: Id<()> = field().to("party"),
        /// The account.
        account: Id<Account> = field().to("account"),
        /// The month: `2010-12`.
        month: Code,
        /// Σ debit.
        debit: Minor,
        /// Σ credit.
        credit: Minor,
    }
}

record! {
    /// Maintained: a receivable or payable line and what is still open of it. Debit is positive.
    pub struct OpenItem in "open_item" key 2 removable {
        /// The entry.
        entry: Id<Entry> = field().to("journal_entry"),
        /// The line.
        n: i64,
        /// Customer or supplier.
        party: Id<()> = field().to("party").listed(),
        /// Receivable or payable account.
        account: Id<Account> = field().to("account").listed(),
        /// Accounting date.
        date: Date = field().listed(),
        /// When it is to be paid; the document date when nothing was said.
        due_date: Date = field().listed(),
        /// The document's number.
        reference: Name = field().listed(),
        /// The line's amount in base currency.
        amount: Minor = field().listed().in_base(),
        /// What is not settled of it.
        open: Minor = field().listed().in_base(),
        /// The currency of the document.
        currency: Currency = field().wide(3).listed(),
    }
}

record! {
    /// What settled what: so much of a debit line by so much of a credit line. Final.
    pub struct Allocation in "allocation" key 1 {
        /// The id.
        id: Id<Allocation>,
        /// Entry of the debit line.
        debit_entry: Id<Entry> = field().to("journal_entry"),
        /// Its place.
        debit_n: i64,
        /// Entry of the credit line.
        credit_entry: Id<Entry> = field().to("journal_entry"),
        /// Its place.
        credit_n: i64,
        /// How much, in base currency.
        amount: Minor = field().listed(),
        /// When.
        date: Date = field().listed(),
    }
}

record! {
    /// What a currency is worth on a day: a document takes the newest rate on or before its date.
    pub struct ExchangeRate in "exchange_rate" key 1 {
        /// The id.
        id: Id<ExchangeRate>,
        /// The currency.
        currency: Currency = field().wide(3).required().listed(),
        /// The day.
        valid_on: Date = field().required().listed(),
        /// Base currency for one unit.
        rate: Rate = field().required().listed(),
        /// Where it is from, such as a central bank.
        source: Name = field().wide(24).listed(),
    }
}
