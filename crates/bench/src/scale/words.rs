//! Names that follow from a number: many different words, some of them in very many names.

use crate::measure::mixed;

const SYLLABLES: Words = Words(
    "an,bel,cor,da,el,fin,gar,hal,in,jo,kel,lor,mar,nor,ol,per,quin,ros,sta,tor,ul,ver,wil,xan,yar,zel,bra,cro,den,fre,gri,hum,\
    mil,pat,red,sim,tal,ven,wes,mac",
    40,
);
const TRADES: Words = Words(
    "Trading,Wholesale,Foods,Gardens,Motors,Textiles,Paper,Tools,Steel,Timber,Glass,Books,Toys,Media,Logistics,Bakery,Brewery,\
    Ceramics,Electric,Fashion,Furniture,Hardware,Pharma,Sports",
    24,
);
const FORMS: Words = Words("Ltd,GmbH,PLC,S.A.,LLP,& Sons", 6);
const LOOKS: Words = Words(
    "red,blue,green,white,black,small,large,round,square,vintage,retro,wooden,metal,ceramic,cotton,paper,folding,hanging,striped,\
    painted",
    20,
);
const THINGS: Words = Words(
    "lantern,mug,clock,candle,frame,basket,cushion,box,bottle,bag,plate,bowl,lamp,chair,table,ribbon,card,napkin,doormat,hook,\
    drawer,mirror,tray,umbrella",
    24,
);

/// Words between commas, and how many they are.
struct Words(&'static str, u64);

fn pick(words: &Words, n: i64, salt: u64) -> &'static str {
    let place = mixed(n.unsigned_abs().wrapping_mul(31).wrapping_add(salt << 48)) % words.1;
    words.0.split(',').nth(usize::try_from(place).unwrap_or(0)).unwrap_or_default()
}

fn capital(word: &str) -> String {
    word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
}

/// 64 000 different first words, 24 second ones, 6 third ones.
pub fn party_name(n: i64) -> String {
    let first = [1, 2, 3].map(|salt| pick(&SYLLABLES, n, salt)).concat();
    format!("{} {} {}", capital(&first), pick(&TRADES, n, 4), pick(&FORMS, n, 5))
}

/// 1 600 towns.
pub fn party_town(n: i64) -> String {
    let name = [6, 7].map(|salt| pick(&SYLLABLES, n, salt)).concat();
    format!("{}ton", capital(&name))
}

/// `K0000042`: a running number, so that six characters stand for a hundred codes or more.
pub fn party_code(n: i64) -> String {
    format!("K{n:07}")
}

/// `AB-0000042`: a group of two letters and a running number.
pub fn item_code(n: i64) -> String {
    let letter = |salt| capital(pick(&SYLLABLES, n / 5_000, salt).get(..1).unwrap_or_default());
    format!("{}{}-{n:07}", letter(8), letter(9))
}

/// Two or three looks, a thing, and a made-up pattern.
pub fn item_name(n: i64) -> String {
    let pattern = [10, 11, 12].map(|salt| pick(&SYLLABLES, n, salt)).concat();
    format!("{} {} {} {pattern}", capital(pick(&LOOKS, n, 13)), pick(&LOOKS, n, 14), pick(&THINGS, n, 15))
}

/// `21-A-42`: an invoice as Daybook numbers it.
pub fn invoice_number(n: i64) -> String {
    format!("21-A-{n}")
}

/// `PO-0004217`: the number of the customer's purchase order, in no order of its own.
pub fn order_number(n: i64) -> String {
    format!("PO-{:07}", mixed(n.unsigned_abs()) % 10_000_000)
}
