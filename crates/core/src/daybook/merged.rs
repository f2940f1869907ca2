//! A long stretch of the log as one step: of each row only the newest image. Whoever was away for weeks does
//! not put a balance into the books ten thousand times.

use std::collections::{BTreeMap, HashMap};

use minicbor::bytes::ByteVec;

use super::feed::{each_image, fits};
use super::wire::{Pull, Step};
use crate::db::Tx;
use crate::shared::context::DeviceId;
use crate::shared::error::Result;
use crate::shared::id::CommandId;
use crate::shared::value::Val;
use crate::vals;

/// The state of a step that holds the rows of a whole stretch.
const MERGED: &str = "merged";
/// So many entries are read at once.
const PART: i64 = 64;

/// A device's own entry: its position, command, state and reason.
type Own = (i64, CommandId, String, Option<String>);

/// A row: its scope, table and key.
type Place = (String, String, Vec<Val>);

/// The newest image of each row, with its place in the order of the newest changes.
#[derive(Default)]
struct Newest {
    images: HashMap<Place, (usize, Vec<u8>)>,
    changes: usize,
    size: usize,
}

impl Newest {
    fn add(&mut self, scope: &str, images: &[u8], keys_of: &dyn Fn(&str) -> Result<usize>) -> Result<()> {
        each_image(images, |image, bytes| {
            let key = match &image.row {
                Some(row) => row.get(..keys_of(&image.table)?).unwrap_or_default().to_vec(),
                None => image.key,
            };
            self.changes += 1;
            self.size += bytes.len();
            let before = self.images.insert((scope.to_owned(), image.table, key), (self.changes, bytes.to_vec()));
            self.size -= before.map_or(0, |(_, bytes)| bytes.len());
            Ok(())
        })
    }
    /// The images by scope, in the order of their changes.
    fn scopes(self) -> Vec<ByteVec> {
        let mut images: Vec<_> = self.images.into_iter().map(|((scope, _, _), (change, bytes))| (change, scope, bytes)).collect();
        images.sort_unstable_by_key(|(change, _, _)| *change);
        let mut scopes: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        images.into_iter().for_each(|(_, scope, bytes)| scopes.entry(scope).or_default().extend(bytes));
        scopes.into_values().map(ByteVec::from).collect()
    }
}

/// What became of the own entries of `reader` after `pull.cursor`, without rows, and one step with the rows of all
/// entries up to its position.
pub fn read(tx: &mut Tx<'_>, pull: &Pull, head: i64, reader: DeviceId, scopes: &[String], keys_of: &dyn Fn(&str) -> Result<usize>) -> Result<Vec<Step>> {
    let (mut newest, mut steps, mut to) = (Newest::default(), Vec::new(), pull.cursor);
    while to < head && fits(newest.size, pull.most) {
        let part = vals![to, (to + PART).min(head)];
        let rows: Vec<(String, Vec<u8>)> = tx.all("SELECT scope, images FROM log_rows WHERE pos > ?1 AND pos <= ?2 ORDER BY pos, scope", part)?;
        for (scope, images) in rows.iter().filter(|(scope, _)| scopes.contains(scope)) {
            newest.add(scope, images, keys_of)?;
        }
        steps.extend(own(tx, part, reader)?);
        to = (to + PART).min(head);
    }
    steps.push(Step { pos: to, command: [0; 16], state: MERGED.to_owned(), reason: None, rows: Some(newest.scopes()), left: None });
    Ok(steps)
}

fn own(tx: &mut Tx<'_>, part: &[Val], reader: DeviceId) -> Result<impl Iterator<Item = Step> + use<>> {
    let sql = "SELECT l.pos, d.command, d.state, d.reason FROM log_entry l JOIN daybook d ON d.pos = l.pos \
               WHERE l.pos > ?1 AND l.pos <= ?2 AND d.device = ?3 ORDER BY l.pos";
    let mut values = part.to_vec();
    values.extend_from_slice(vals![reader]);
    let entries: Vec<Own> = tx.all(sql, &values)?;
    let step = |(pos, command, state, reason): Own| Step { pos, command: command.bytes(), state, reason, rows: Some(Vec::new()), left: None };
    Ok(entries.into_iter().map(step))
}

impl Step {
    /// Whether it holds the rows of a whole stretch.
    pub fn is_merged(&self) -> bool {
        self.state == MERGED
    }
}
