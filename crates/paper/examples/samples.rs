//! Prints every sample into a folder and says how long it took:
//! `cargo run --release -p daybook-paper --example samples -- <folder>`
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions, reason = "a tool for developers")]

use std::time::Instant;

use daybook_paper::{Fonts, render};

#[path = "../tests/paper/samples.rs"]
mod samples;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder to print into");
    let start = Instant::now();
    let fonts = Fonts::bundled().unwrap();
    println!("fonts parsed in {:?}", start.elapsed());
    let mut papers = samples::all();
    papers.push(("500-lines", samples::invoice(500)));
    papers.push(("675-lines", samples::invoice(675)));
    for (name, paper) in papers {
        let bytes = render(&paper, &fonts).unwrap();
        let runs = if paper.lines.len() > 100 { 10 } else { 50 };
        let mut times: Vec<_> = (0..runs).map(|_| timed(&paper, &fonts)).collect();
        times.sort_unstable();
        println!("{name:14} {:>8} bytes, median {:?}, best {:?}", bytes.len(), times[runs / 2], times[0]);
        std::fs::write(format!("{folder}/{name}.pdf"), bytes).unwrap();
    }
}

fn timed(paper: &daybook_paper::InvoicePaper, fonts: &Fonts) -> std::time::Duration {
    let start = Instant::now();
    std::hint::black_box(render(paper, fonts).unwrap());
    start.elapsed()
}
