//! Documents of the books as paper: everything a printed invoice says, taken from what was frozen when
//! it was posted.

mod people;
mod statements;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use daybook_core::app::App;
use daybook_core::billing::{Adjustment, Detail, DetailKind, Document, Draft, Header, Kind, Line, State, TaxLine};
use daybook_core::db::Tx;
use daybook_core::identity::Company;
use daybook_core::shared::error::{Error, Kind as ErrorKind, Result};
use daybook_core::shared::{Code, Date, Id};
use daybook_paper::document::{self as paper, AdjustmentKind, PageSize, Preceding, Totals};
use daybook_paper::{Fonts, InvoicePaper, PaperError};

use crate::Desk;

/// Prints one document: the bytes of a PDF file. Drafts and the sample company's documents say so in
/// large letters behind the text.
pub fn print_one(desk: &Arc<Desk>, id: Id<Header>) -> Result<Vec<u8>> {
    let paper = desk.with(|app| {
        app.read(|tx, cx| {
            daybook_core::identity::api::authorize(tx, cx.actor, daybook_core::shared::Permission::Read)?;
            Drawer::open(tx)?.paper(tx, id)
        })
    })?;
    daybook_paper::render(&paper, fonts()?).map_err(unprintable)
}

/// The PDF of a document for the program itself, which sends it to whom it is meant for: nobody's
/// permission is asked.
pub fn pdf_of(app: &App, id: Id<Header>) -> Result<Vec<u8>> {
    let paper = app.read(|tx, _| Drawer::open(tx)?.paper(tx, id))?;
    daybook_paper::render(&paper, fonts()?).map_err(unprintable)
}

/// Prints what a person is typing as it would look now: marked as a draft, without a number, and
/// nothing is kept. Errors name the field of the draft that does not fit.
pub fn preview(desk: &Arc<Desk>, draft: &Draft) -> Result<Vec<u8>> {
    let paper = desk.with(|app| {
        app.read(|tx, cx| {
            daybook_core::identity::api::authorize(tx, cx.actor, daybook_core::shared::Permission::Read)?;
            let document = daybook_core::billing::api::composed(tx, cx, draft).map_err(|e| e.within("draft"))?;
            Drawer::open(tx)?.draw(tx, &document)
        })
    })?;
    daybook_paper::render(&paper, fonts()?).map_err(unprintable)
}

/// The bundled fonts, parsed once.
pub fn fonts() -> Result<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::bundled().ok()).as_ref().ok_or_else(|| Error::internal("paper.fonts"))
}

/// Why a document cannot be printed, in words of the core.
pub fn unprintable(error: PaperError) -> Error {
    match error {
        PaperError::MissingGlyph { character, field } => Error::invalid("paper.character").arg("character", character).field(field.to_string()),
        PaperError::File(source) => Error::new(ErrorKind::Storage, "disk.failed").arg("what", "PDF").caused_by(source),
        other => Error::internal("paper.failed").caused_by(other),
    }
}

/// "One" of UN/ECE Recommendation 20: a count without a unit.
const COUNTED: &str = "C62";

/// What many documents share: the company and the symbols of units seen so far.
pub struct Drawer {
    company: Company,
    symbols: BTreeMap<Code, String>,
}

impl Drawer {
    /// Reads what is shared.
    pub fn open(tx: &mut Tx<'_>) -> Result<Self> {
        Ok(Drawer { company: daybook_core::identity::api::company(tx)?, symbols: BTreeMap::new() })
    }
    /// The paper of one document.
    pub fn paper(&mut self, tx: &mut Tx<'_>, id: Id<Header>) -> Result<InvoicePaper> {
        let document = daybook_core::billing::api::document(tx, id)?;
        self.draw(tx, &document)
    }
    /// The paper of a document that was read or composed already.
    fn draw(&mut self, tx: &mut Tx<'_>, document: &Document) -> Result<InvoicePaper> {
        let lines = document.lines.iter().map(|line| self.line(tx, document, line)).collect::<Result<Vec<_>>>()?;
        let header = &document.header;
        let seller = people::seller(document);
        Ok(InvoicePaper {
            kind: if header.kind == Kind::Invoice { paper::Kind::Invoice } else { paper::Kind::CreditNote },
            language: header.language.to_string(),
            page: page_size(&self.company),
            buyer: people::buyer(document),
            deliver_to: people::deliver_to(document),
            seller,
            number: header.number.to_string(),
            issue_date: date(header.issue_date)?,
            due_date: header.due_date.map(date).transpose()?,
            delivery_date: header.delivery_date.map(date).transpose()?,
            buyer_reference: some(&header.buyer_reference),
            order_reference: some(&header.order_reference),
            preceding: details(document, DetailKind::Preceding).next().map(preceding).transpose()?,
            currency: paper::Currency { code: header.currency.to_string(), minor_digits: digits(header) },
            lines,
            adjustments: document.adjustments.iter().filter(|a| a.line == 0).map(adjustment).collect(),
            vat: document.tax_rows.iter().map(vat_row).collect(),
            totals: totals(header),
            payment_terms: some(&header.payment_terms),
            statements: statements::statements(document)?,
            notes: details(document, DetailKind::Note).map(|note| note.text.to_string()).collect(),
            footer: some(&self.company.footer),
            logo: None,
            marker: self.marker(header),
        })
    }

    fn marker(&self, header: &Header) -> Option<String> {
        match header.state {
            State::Draft => Some("DRAFT".to_owned()),
            State::Posted => self.company.sample.then(|| "SAMPLE".to_owned()),
        }
    }
    fn line(&mut self, tx: &mut Tx<'_>, document: &Document, line: &Line) -> Result<paper::Line> {
        let below = [line.description.as_str(), line.note.as_str()];
        let below: Vec<&str> = below.into_iter().filter(|text| !text.is_empty() && *text != line.name.as_str()).collect();
        let own = document.adjustments.iter().filter(|a| a.line == line.n);
        Ok(paper::Line {
            position: line.n.to_string(),
            item_code: some(&line.item_code),
            name: line.name.to_string(),
            description: some(&below.join("\n")),
            quantity: line.quantity.micros(),
            unit: self.symbol(tx, &line.unit)?,
            unit_price: line.price.micros(),
            price_base: line.price_base.micros(),
            adjustments: own.map(adjustment).collect(),
            net: line.net.units(),
            vat_category: line.tax_category.to_string(),
            vat_rate: paper_rate(line.tax_rate),
        })
    }
    /// The symbol of a unit, nothing for plain counting; its code when the books do not know it.
    fn symbol(&mut self, tx: &mut Tx<'_>, code: &Code) -> Result<String> {
        if code.as_str() == COUNTED {
            return Ok(String::new());
        }
        if let Some(known) = self.symbols.get(code) {
            return Ok(known.clone());
        }
        let symbol = match daybook_core::catalog::api::unit(tx, code) {
            Ok(unit) => unit.symbol.to_string(),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Invalid) => code.to_string(),
            Err(error) => return Err(error),
        };
        self.symbols.insert(code.clone(), symbol.clone());
        Ok(symbol)
    }
}

/// North America writes on Letter.
fn page_size(company: &Company) -> PageSize {
    if matches!(company.country.as_str(), "US" | "CA") { PageSize::Letter } else { PageSize::A4 }
}

fn digits(header: &Header) -> u8 {
    u8::try_from(header.currency.digits()).unwrap_or(2)
}

fn details(document: &Document, kind: DetailKind) -> impl Iterator<Item = &Detail> {
    document.details.iter().filter(move |detail| detail.kind == kind && detail.line == 0)
}

fn preceding(detail: &Detail) -> Result<Preceding> {
    let date = Date::parse(&detail.text).ok().map(date).transpose()?;
    Ok(Preceding { number: detail.code.to_string(), date })
}

fn adjustment(from: &Adjustment) -> paper::Adjustment {
    let (kind, word) = if from.charge { (AdjustmentKind::Charge, "Charge") } else { (AdjustmentKind::Allowance, "Discount") };
    let text = some(&from.reason).unwrap_or_else(|| word.to_owned());
    let text = from.percent.map_or_else(|| text.clone(), |percent| format!("{text} ({percent} %)"));
    paper::Adjustment { kind, text, amount: from.amount.units() }
}

fn vat_row(from: &TaxLine) -> paper::VatRow {
    let exemption = some(&from.exemption_text).or_else(|| some(&from.exemption_code));
    paper::VatRow { category: from.category.to_string(), rate: paper_rate(from.rate), base: from.base.units(), tax: from.tax.units(), exemption }
}

fn totals(header: &Header) -> Totals {
    Totals {
        lines: header.lines_net.units(),
        allowances: header.allowances.units(),
        charges: header.charges.units(),
        net: header.net.units(),
        vat: header.tax.units(),
        gross: header.gross.units(),
        prepaid: header.prepaid.units(),
        rounding: header.rounding.units(),
        payable: header.payable.units(),
    }
}

/// The core's rates are percent, paper's are shares of one; both in millionths.
fn paper_rate(rate: daybook_core::shared::Rate) -> i64 {
    rate.micros() / 100
}

fn date(from: Date) -> Result<paper::Date> {
    paper::Date::new(from.year(), from.month(), from.day()).map_err(|e| Error::internal("paper.failed").caused_by(e))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
