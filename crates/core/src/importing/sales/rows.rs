//! From cells to typed rows; a cell that does not fit is refused with row and column.

use crate::importing::dates::DateOrder;
use crate::importing::mapping::{FieldSpec, Mapping};
use crate::importing::numbers::DecimalSign;
use crate::importing::table::{Table, cell_error};
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

/// Reads every row.
pub fn read(table: &Table, mapping: &Mapping) -> Result<Vec<Row>> {
    mapping.check(table, FIELDS)?;
    let must = |name: &str| mapping.place(table, name).ok_or_else(|| Error::invalid("import.unmapped").arg("name", name));
    let may = |name: &str| mapping.place(table, name);
    let places = Places {
        number: must("number")?,
        date: must("date")?,
        item: must("item")?,
        quantity: must("quantity")?,
        price: must("price")?,
        description: may("description"),
        customer: may("customer"),
        customer_name: may("customer_name"),
        country: may("country"),
    };
    let order = match &mapping.dates {
        Some(word) => DateOrder::from_word(word)?,
        None => DateOrder::detect(table.column(places.date))?,
    };
    let (quantities, prices) = (DecimalSign::detect(table.column(places.quantity)), DecimalSign::detect(table.column(places.price)));
    (0..table.rows.len()).map(|row| read_row(table, &places, row, order, quantities, prices)).collect()
}

fn read_row(table: &Table, places: &Places, row: usize, order: DateOrder, quantities: DecimalSign, prices: DecimalSign) -> Result<Row> {
    let n = i64::try_from(row).unwrap_or_default() + 2;
    let cell = |place: usize| table.cell(row, place);
    let may = |place: Option<usize>| place.map(cell).unwrap_or_default();
    let at = |e: Error, name: &str| cell_error(n, name, &e).field(name.to_owned());
    let date = order.read(cell(places.date)).ok_or_else(|| at(Error::invalid("date.invalid").arg("value", cell(places.date)), "date"))?;
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
        quantity: quantities.read(cell(places.quantity)).map_err(|e| at(e, "quantity"))?,
        price: prices.read(cell(places.price)).map(|price| Price::from_micros(price.micros())).map_err(|e| at(e, "price"))?,
        customer: Code::new(may(places.customer)).map_err(|e| at(e, "customer"))?,
        customer_name: Name::new(may(places.customer_name)).map_err(|e| at(e, "customer_name"))?,
        country,
    })
}

fn required<const MAX: usize>(cell: &str, field: &str) -> Result<crate::shared::Text<MAX>> {
    let text = crate::shared::Text::<MAX>::new(cell)?;
    text.required(field)?;
    Ok(text)
}
