//! What rows become: the record, the command that saves it, and how files call its fields.

use serde_json::{Map, Value, json};

use crate::db::Tx;
use crate::identity::api::authorize;
use crate::importing::mapping::{FieldSpec, Mapping, plain};
use crate::importing::table::Table;
use crate::shared::command::CommandEntry;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::labels::label;
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::FieldKind;

/// What rows of a file become.
pub struct Target {
    /// What is imported, as a person says it: `parties`, `items`, or the name of a record.
    pub kind: String,
    /// The record.
    pub record: &'static RecordEntry,
    /// The command that saves one.
    pub save: &'static CommandEntry,
    /// Put before every code, where another sort of record has the same codes.
    pub prefix: &'static str,
    /// What every record says beside its row.
    pub preset: Map<String, Value>,
    /// The records that say more of it, whose fields the same command saves.
    more: Vec<&'static RecordEntry>,
    /// Those of them that the importing person may not see.
    unseen: Vec<&'static RecordEntry>,
    known: Option<&'static Known>,
}

/// How files call the fields of a common record.
struct Known {
    kind: &'static str,
    table: &'static str,
    required: &'static [&'static str],
    words: &'static [(&'static str, &'static [&'static str])],
}

const PARTY_WORDS: &[(&str, &[&str])] = &[
    ("code", &["customerid", "customercode", "customerno", "customernumber", "supplierid", "suppliercode", "supplierno", "vendorid", "accountnumber"]),
    ("code", &["id", "number", "partycode", "clientid", "kundennummer", "lieferantennummer", "codeclient"]),
    (
        "name",
        &["companyname", "customername", "suppliername", "vendorname", "company", "firm", "fullname", "firma", "kunde", "lieferant", "nom", "raisonsociale"],
    ),
    ("legal_name", &["legalname"]),
    ("line1", &["address", "address1", "addressline1", "street", "streetaddress", "adresse", "strasse", "rue"]),
    ("line2", &["address2", "addressline2"]),
    ("postcode", &["postalcode", "zip", "zipcode", "plz", "postleitzahl", "codepostal"]),
    ("city", &["ort", "stadt", "ville"]),
    ("region", &["state", "province", "county", "stateprovince", "bundesland"]),
    ("country", &["countrycode", "land", "pays"]),
    ("phone", &["telephone", "tel", "phonenumber", "telefon"]),
    ("email", &["email", "emailaddress", "mail", "courriel"]),
    ("vat_id", &["vat", "vatno", "vatregistration", "ustid", "ustidnr", "tva", "numerotva"]),
    ("tax_number", &["taxid", "steuernummer"]),
    ("payment_days", &["netdays", "paymentterms", "terms"]),
    ("note", &["notes", "remark", "remarks", "comment", "comments"]),
];

const ITEM_WORDS: &[(&str, &[&str])] = &[
    (
        "code",
        &["productid", "productcode", "itemid", "itemcode", "itemno", "stockcode", "sku", "partnumber", "id", "articlenumber", "artikelnummer", "reference"],
    ),
    ("name", &["productname", "product", "itemname", "item", "title", "article", "artikel", "bezeichnung", "designation"]),
    ("description", &["quantityperunit", "details", "longdescription", "beschreibung"]),
    ("category", &["categoryname", "group", "productgroup", "itemgroup", "warengruppe", "categorie"]),
    ("base_unit", &["uom", "unitofmeasure", "baseunit", "einheit", "unite"]),
    ("sales_price", &["unitprice", "price", "listprice", "retailprice", "sellingprice", "preis", "verkaufspreis", "prix", "prixdevente"]),
    ("purchase_price", &["cost", "unitcost", "costprice", "einkaufspreis", "prixdachat"]),
    ("standard_id", &["gtin", "ean", "ean13", "barcode", "upc"]),
    ("origin_country", &["countryoforigin", "origin", "ursprungsland"]),
    ("archived", &["discontinued", "inactive", "ausgelaufen"]),
];

const KNOWN: &[Known] = &[
    Known { kind: "parties", table: "party", required: &["name"], words: PARTY_WORDS },
    Known { kind: "items", table: "item", required: &["code", "name"], words: ITEM_WORDS },
];

impl Target {
    /// What `kind` means: a common name, or the name of a record that has a saving command.
    /// `import.unknown` for anything else.
    pub fn find(kind: &str, record: impl Fn(&str) -> Result<&'static RecordEntry>, command: impl Fn(&str) -> Result<&'static CommandEntry>) -> Result<Self> {
        let unknown = || Error::new(Kind::NotFound, "import.unknown").arg("name", kind);
        let known = KNOWN.iter().find(|known| known.kind == kind || known.table == kind);
        let record = record(known.map_or(kind, |known| known.table)).map_err(|_| unknown())?;
        let save = command(record.save.ok_or_else(unknown)?)?;
        let kind = known.map_or(kind, |known| known.kind).to_owned();
        Ok(Target { kind, record, save, prefix: "", preset: Map::new(), more: Vec::new(), unseen: Vec::new(), known })
    }

    /// With the records that say `more` of it.
    #[must_use]
    pub fn with_more(self, more: impl Iterator<Item = &'static RecordEntry>) -> Self {
        Target { more: more.collect(), ..self }
    }
    /// As `actor` may import it.
    #[must_use]
    pub fn seen_by(self, tx: &mut Tx<'_>, actor: UserId) -> Self {
        let (more, unseen) = self.more.into_iter().partition(|more| authorize(tx, actor, more.needs).is_ok());
        Target { more, unseen, ..self }
    }
    /// `permission.denied` when the mapping names a field that the person may not see.
    pub fn check_seen(&self, mapping: &Mapping) -> Result<()> {
        let fields = self.unseen.iter().flat_map(|more| said_more(more).map(|field| (field, more.needs)));
        match fields.into_iter().find(|(field, _)| mapping.columns.contains_key(field.name)) {
            Some((field, needs)) => Err(Error::new(Kind::Denied, "permission.denied").arg("needs", needs).field(field.name)),
            None => Ok(()),
        }
    }

    /// The fields that columns may be mapped to: those the saving command takes, and `archived`.
    pub fn fields(&self) -> Vec<Field> {
        let schema = (self.save.schema)();
        let takes = |name: &str| schema.pointer(&format!("/properties/{name}")).is_some();
        let importable = |field: &Field| !matches!(field.kind, FieldKind::Id | FieldKind::Bytes | FieldKind::Instant) && field.name != "id";
        let archives = |field: &Field| field.name == "archived" && self.record.archive.is_some();
        let all = (self.record.fields)().into_iter().chain(self.more.iter().flat_map(|more| said_more(more)));
        all.filter(|field| importable(field) && (takes(field.name) || archives(field))).collect()
    }
    /// The same fields as a mapping sees them. A field with several lists of words stands there several
    /// times.
    pub fn specs(&self) -> Vec<FieldSpec> {
        let mut specs = Vec::new();
        for field in self.fields() {
            let required = self.known.map_or(field.required, |known| known.required.contains(&field.name));
            let label = label(&field.label).unwrap_or_default();
            let spec = |words| FieldSpec { name: field.name, required, words, label };
            let lists = self.known.map_or(&[][..], |known| known.words).iter().filter(|(name, _)| *name == field.name);
            let before = specs.len();
            specs.extend(lists.map(|(_, words)| spec(words)));
            if specs.len() == before {
                specs.push(spec(&[]));
            }
        }
        specs
    }
    /// The mapping that the header suggests. A file that has descriptions but no names has its names
    /// there.
    pub fn guess(&self, table: &Table) -> Mapping {
        let specs = self.specs();
        let mut mapping = Mapping::guess_exact(table, &specs);
        let nameless = specs.iter().any(|spec| spec.name == "name" && spec.required) && !mapping.columns.contains_key("name");
        if let Some(column) = mapping.columns.get("description").filter(|_| nameless).cloned() {
            mapping.columns.remove("description");
            mapping.columns.insert("name".to_owned(), column);
        }
        mapping
    }
    /// What every record says beside its row: contacts whose codes stand in a column of suppliers are
    /// suppliers.
    pub fn preset(&self, mapping: &Mapping) -> Map<String, Value> {
        let mut preset = self.preset.clone();
        let silent = !["is_customer", "is_supplier"].iter().any(|role| preset.contains_key(*role) || mapping.columns.contains_key(*role));
        let header = |field: &str| mapping.columns.get(field).map(|column| plain(column)).unwrap_or_default();
        let of_suppliers = [header("code"), header("name")].iter().any(|name| ["supplier", "vendor", "lieferant"].iter().any(|word| name.contains(word)));
        if silent && of_suppliers && self.record.table == "party" {
            preset.insert("is_supplier".to_owned(), json!(true));
        }
        preset
    }
}

/// What a record says more of another: its fields without the key.
fn said_more(more: &RecordEntry) -> impl Iterator<Item = Field> + use<> {
    (more.fields)().into_iter().skip(more.keys)
}
