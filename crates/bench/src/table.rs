//! The table that is printed.

/// What was measured so far.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    measured: String,
    reach: String,
    ratio: Option<f64>,
}

impl Table {
    /// A figure with a reach: `value` and `reach` in `unit`, with `more` to know about it.
    pub fn row(&mut self, what: &str, value: f64, reach: f64, unit: &str, more: &str) {
        let ratio = Some(value / reach);
        let measured = format!("{}{unit}{}{more}", number(value), if more.is_empty() { "" } else { "; " });
        self.add(Row { what: what.to_owned(), measured, reach: format!("{}{unit}", number(reach)), ratio });
    }
    /// A figure that should be large: `value` and the least it should reach.
    pub fn least(&mut self, what: &str, value: f64, reach: f64, unit: &str, more: &str) {
        let ratio = Some(reach / value.max(f64::MIN_POSITIVE));
        let measured = format!("{}{unit}{}{more}", number(value), if more.is_empty() { "" } else { "; " });
        self.add(Row { what: what.to_owned(), measured, reach: format!("≥ {}{unit}", number(reach)), ratio });
    }
    /// A figure that only tells.
    pub fn note(&mut self, what: &str, measured: &str) {
        self.add(Row { what: what.to_owned(), measured: measured.to_owned(), reach: String::new(), ratio: None });
    }
    fn add(&mut self, row: Row) {
        eprintln!("   {}: {}", row.what, row.measured);
        self.rows.push(row);
    }
    /// Prints the table as Markdown.
    pub fn print(&self, quick: bool) {
        let cells: Vec<[String; 5]> = self.rows.iter().map(Row::cells).collect();
        let head = ["what", "measured", "reach", "ratio", ""].map(str::to_owned);
        let widths: Vec<usize> = (0..5).map(|at| cells.iter().chain([&head]).map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
        let line = |row: &[String; 5]| {
            let padded: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            println!("| {} |", padded.join(" | "));
        };
        line(&head);
        println!("|{}|", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|"));
        cells.iter().for_each(line);
        println!("\nload average {}, {} processors{}", load(), processors(), if quick { ", a tenth of the data" } else { "" });
    }
}

impl Row {
    fn cells(&self) -> [String; 5] {
        let verdict = self.ratio.map_or("", |ratio| if ratio <= 1.0 { "ok" } else { "short" });
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        [self.what.clone(), self.measured.clone(), self.reach.clone(), ratio, verdict.to_owned()]
    }
}

/// Three figures are enough.
fn number(value: f64) -> String {
    match value {
        v if v.fract() == 0.0 || v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

/// How busy the machine is.
pub fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').next().map(str::to_owned)).unwrap_or_else(|| "unknown".to_owned())
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}
