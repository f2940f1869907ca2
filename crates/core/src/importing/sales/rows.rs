//! From cells to typed rows; a cell that does not fit is refused with row and column.

use crate::importing::dates::DateOrder;
use crate::importing::mapping::{FieldSpec, Mapping};
use crate::importing::numbers::DecimalSign;
use crate::importing::table::{OrWrong, Table, WrongCell};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Date, Name, Price, Quantity};

/// The fields of a sales file.
pub const FIELDS: &[FieldSpec] = &[
    spec("number", true, &["invoiceno", "invoicenumber", "invoice", "documentno", "number", "orderid", "rechnungsnummer", "facture"]),
    spec("date", true, &["invoicedate", "date", "documentdate", "issuedate", "orderdate", "datum", "rechnungsdatum"]),
    spec("item", true, &["stockcode", "itemcode", "sku", "productid", "item", "article", "artikelnummer", "product"]),
    spec("description", false, &["description", "itemname", "productname", "bezeichnung", "designation", "text"]),
    spec("quantity", true, &["quantity", "qty", "menge", "quantite", "units"]),
    spec("price", true, &["unitprice", "price", "netprice", "einzelpreis", "prix", "prixunitaire"]),
    spec("customer", false, &["customerid", "customerno", "customercode", "customer", "kundennummer", "client"]),
    spec("customer_name", false, &["customername", "companyname", "kunde", "nomclient"]),
    spec("country", false, &["country", "countrycode", "land", "pays"]),
];

const fn spec(name: &'static str, required: bool, words: &'static [&'static str]) -> FieldSpec {
    FieldSpec { name, required, words, label: "" }
}

/// A row of a sales file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Row of the file; the header is 1.
    pub n: i64,
    /// Number of the document.
    pub number: Name,
    /// Its date.
    pub date: Date,
    /// Code of the item, as written.
    pub item: Code,
    /// Description, as written.
    pub description: Name,
    /// Quantity.
    pub quantity: Quantity,
    /// Price of one.
    pub price: Price,
    /// Code of the customer; empty when unknown.
    pub customer: Code,
    /// Name of the customer; empty when unknown.
    pub customer_name: Name,
    /// ISO country; empty when unknown.
    pub country: Code,
}

/// What reading the cells of a file needs.
struct Reader<'t> {
    table: &'t Table,
    mapping: &'t Mapping,
    places: Places,
    order: DateOrder,
    quantities: DecimalSign,
    prices: DecimalSign,
}

struct Places {
    number: usize,
    date: usize,
    item: usize,
    quantity: usize,
    price: usize,
    description: Option<usize>,
    customer: Option<usize>,
    customer_name: Option<usize>,
    country: Option<usize>,
}

/// Reads every row; those with a cell that cannot be read are left out, with the first such cell of each.
pub fn read(table: &Table, mapping: &Mapping) -> Result<(Vec<Row>, Vec<WrongCell>)> {
    mapping.check(table, FIELDS)?;
    let places = Places::find(table, mapping)?;
    let order = match &mapping.dates {
        Some(word) => DateOrder::from_word(word)?,
        None => DateOrder::detect(table.column(places.date))?,
    };
    let (quantities, prices) = (DecimalSign::detect(table.column(places.quantity)), DecimalSign::detect(table.column(places.price)));
    let reader = Reader { table, mapping, places, order, quantities, prices };
    let (mut rows, mut wrong) = (Vec::with_capacity(table.rows.len()), Vec::new());
    for row in 0..table.rows.len() {
        match reader.row(row) {
            Ok(row) => rows.push(row),
            Err(cell) => wrong.push(cell),
        }
    }
    Ok((rows, wrong))
}

impl Places {
    fn find(table: &Table, mapping: &Mapping) -> Result<Self> {
        let must = |name: &str| mapping.place(table, name).ok_or_else(|| Error::invalid("import.unmapped").arg("name", name));
        let may = |name: &str| mapping.place(table, name);
        Ok(Places {
            number: must("number")?,
            date: must("date")?,
            item: must("item")?,
            quantity: must("quantity")?,
            price: must("price")?,
            description: may("description"),
            customer: may("customer"),
            customer_name: may("customer_name"),
            country: may("country"),
        })
    }
}

impl Reader<'_> {
    fn row(&self, row: usize) -> OrWrong<Row> {
        let places = &self.places;
        let n = Table::number(row);
        let cell = |place: usize| self.table.cell(row, place);
        let may = |place: Option<usize>| place.map(cell).unwrap_or_default();
        let at = |e: Error, name: &str| self.wrong(n, name, e);
        let date = self.order.read(cell(places.date)).ok_or_else(|| at(Error::invalid("date.invalid").arg("value", cell(places.date)), "date"))?;
        let country = match may(places.country) {
            "" => Code::default(),
            text => crate::identity::api::country(text).map_err(|e| at(e, "country"))?,
        };
        Ok(Row {
            n,
            number: required(cell(places.number), "number").map_err(|e| at(e, "number"))?,
            date,
            item: required::<64>(cell(places.item), "item").map_err(|e| at(e, "item"))?,
            description: Name::new(may(places.description)).map_err(|e| at(e, "description"))?,
            quantity: self.quantities.read(cell(places.quantity)).map_err(|e| at(e, "quantity"))?,
            price: self.prices.read(cell(places.price)).map(|price| Price::from_micros(price.micros())).map_err(|e| at(e, "price"))?,
            customer: Code::new(may(places.customer)).map_err(|e| at(e, "customer"))?,
            customer_name: Name::new(may(places.customer_name)).map_err(|e| at(e, "customer_name"))?,
            country,
        })
    }
    /// The error of a cell, under the name that its column has in the file.
    fn wrong(&self, n: i64, field: &str, reason: Error) -> WrongCell {
        let column = self.mapping.columns.get(field).map_or(field, String::as_str);
        WrongCell { row: n, column: column.to_owned(), value: self.table.says(n, column).to_owned(), field: field.to_owned(), reason }
    }
}

fn required<const MAX: usize>(cell: &str, field: &str) -> Result<crate::shared::Text<MAX>> {
    let text = crate::shared::Text::<MAX>::new(cell)?;
    text.required(field)?;
    Ok(text)
}
