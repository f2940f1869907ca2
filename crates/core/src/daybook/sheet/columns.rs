//! The columns of a run.

use std::collections::{BTreeMap, HashMap};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::super::wire::{PushedEntry, Said};
use super::kind::Kind;
use super::offer::{Count, Offered};
use super::shape::{Hole, Leaf};

type Consumed = BTreeMap<String, String>;
type Kept = BTreeMap<String, ByteVec>;

/// A run, by columns. Values of arguments stand by kind, then by their place in it, then in the order of the
/// entries.
#[derive(Default, Encode, Decode)]
#[cbor(array)]
pub(super) struct Sheet {
    #[n(0)]
    kinds: Vec<Kind>,
    /// The kind of every entry.
    #[n(1)]
    kind_of: Vec<u32>,
    /// 16 bytes each.
    #[cbor(n(2), with = "minicbor::bytes")]
    commands: Vec<u8>,
    /// Milliseconds after the entry before.
    #[n(3)]
    walls: Vec<i64>,
    /// Every id of the arguments once, 16 bytes each.
    #[cbor(n(4), with = "minicbor::bytes")]
    ids: Vec<u8>,
    /// Which id, as 32-bit numbers: first the lowest bytes of all, then the next.
    #[cbor(n(5), with = "minicbor::bytes")]
    refs: Vec<u8>,
    #[n(6)]
    texts: String,
    /// Bytes of every text.
    #[n(7)]
    lengths: Vec<u32>,
    #[n(8)]
    ints: Vec<i64>,
    /// What was consumed, of entries that offer it.
    #[n(9)]
    offers: Vec<String>,
    /// What was consumed and kept, of the others.
    #[n(10)]
    whole: Vec<(Consumed, Kept)>,
}

impl Sheet {
    pub(super) fn of(entries: &[PushedEntry]) -> Self {
        let mut sheet = Sheet::default();
        let (mut kinds, mut groups): (HashMap<Kind, usize>, Vec<Vec<Vec<Leaf>>>) = Default::default();
        let (mut count, mut wall) = (Count::default(), 0);
        for entry in entries {
            let (kind, leaves) = Kind::of(entry);
            let place = *kinds.entry(kind).or_insert_with_key(|kind| {
                sheet.kinds.push(kind.clone());
                groups.push(Vec::new());
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.push(leaves);
            }
            sheet.kind_of.push(u32::try_from(place).unwrap_or(u32::MAX));
            sheet.commands.extend_from_slice(&entry.command);
            sheet.walls.push(entry.wall_ms.wrapping_sub(wall));
            wall = entry.wall_ms;
            sheet.say(&entry.said, &mut count);
        }
        let (mut known, mut refs) = (HashMap::new(), Vec::new());
        for group in groups {
            transposed(group).for_each(|leaf| sheet.put(leaf, &mut known, &mut refs));
        }
        sheet.refs = (0..4).flat_map(|plane| refs.iter().map(move |place: &u32| u8::try_from((place >> (8 * plane)) & 0xff).unwrap_or_default())).collect();
        sheet
    }
    fn say(&mut self, said: &Said, count: &mut Count) {
        match said {
            Said::Whole { consumed, kept } => self.whole.push((consumed.clone(), kept.clone())),
            Said::Bare(offered) => {
                let values = offered.iter().flat_map(|(kind, values)| values.iter().map(move |value| (kind, value)));
                self.offers.extend(values.map(|(kind, value)| count.write(kind, value)));
            }
        }
    }
    fn put(&mut self, leaf: Leaf, known: &mut HashMap<[u8; 16], u32>, refs: &mut Vec<u32>) {
        match leaf {
            Leaf::Id(id) => {
                let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
                refs.push(*known.entry(id).or_insert_with(|| {
                    self.ids.extend_from_slice(&id);
                    next
                }));
            }
            Leaf::Text(text) => {
                self.lengths.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
                self.texts.push_str(&text);
            }
            Leaf::Int(n) => self.ints.push(n),
        }
    }

    /// The entries. `None` when the columns do not fit together, or unfold to more than `most` bytes.
    pub(super) fn entries(self, mut most: usize) -> Option<Vec<PushedEntry>> {
        let groups = self.groups()?;
        let mut args = vec![Vec::new(); self.kind_of.len()];
        let mut values = Values::of(&self);
        for (kind, members) in self.kinds.iter().zip(&groups) {
            let holes = kind.holes()?;
            let mut rows = vec![Vec::new(); members.len()];
            for hole in holes {
                for row in &mut rows {
                    row.push(values.take(hole)?);
                }
            }
            for (member, row) in members.iter().zip(rows) {
                let filled = kind.args(row)?;
                most = most.checked_sub(filled.len())?;
                *args.get_mut(*member)? = filled;
            }
        }
        values.is_empty().then_some(())?;
        self.assemble(args)
    }
    /// The entries of every kind.
    fn groups(&self) -> Option<Vec<Vec<usize>>> {
        let mut groups = vec![Vec::new(); self.kinds.len()];
        for (member, kind) in self.kind_of.iter().enumerate() {
            groups.get_mut(usize::try_from(*kind).ok()?)?.push(member);
        }
        Some(groups)
    }
    fn assemble(self, args: Vec<Vec<u8>>) -> Option<Vec<PushedEntry>> {
        let (mut offers, mut whole) = (self.offers.into_iter(), self.whole.into_iter());
        let (mut count, mut wall) = (Count::default(), 0_i64);
        let mut commands = self.commands.chunks_exact(16);
        let mut entries = Vec::with_capacity(args.len());
        let mut walls = self.walls.into_iter();
        for (args, kind) in args.into_iter().zip(self.kind_of) {
            let kind = self.kinds.get(usize::try_from(kind).ok()?)?;
            wall = wall.wrapping_add(walls.next()?);
            let said = match &kind.offers {
                None => whole.next().map(|(consumed, kept)| Said::Whole { consumed, kept })?,
                Some(kinds) => Said::Bare(offered(kinds, &mut offers, &mut count)?),
            };
            entries.push(PushedEntry {
                name: kind.name.clone(),
                version: kind.version,
                command: commands.next()?.try_into().ok()?,
                actor: kind.actor,
                wall_ms: wall,
                args: args.into(),
                said,
                batch: kind.batch.map(|bytes| bytes.to_vec().into()),
            });
        }
        let rest = commands.next().is_some() || offers.next().is_some() || whole.next().is_some() || walls.next().is_some();
        (!rest).then_some(entries)
    }
}

fn offered(kinds: &[(String, u16)], offers: &mut impl Iterator<Item = String>, count: &mut Count) -> Option<Offered> {
    let mut offered = Offered::new();
    for (kind, values) in kinds {
        for _ in 0..*values {
            offered.entry(kind.clone()).or_default().push(count.read(kind, offers.next()?)?);
        }
    }
    Some(offered)
}

/// The values of a sheet, as they are taken.
struct Values<'s> {
    ids: Vec<[u8; 16]>,
    refs: Vec<usize>,
    texts: &'s str,
    lengths: std::slice::Iter<'s, u32>,
    ints: std::slice::Iter<'s, i64>,
}

impl<'s> Values<'s> {
    fn of(sheet: &'s Sheet) -> Self {
        let count = sheet.refs.len() / 4;
        let byte = |plane: usize, n: usize| sheet.refs.get(plane * count + n).copied().unwrap_or_default();
        let place = |n| u32::from_le_bytes([byte(0, n), byte(1, n), byte(2, n), byte(3, n)]);
        Values {
            ids: sheet.ids.chunks_exact(16).filter_map(|id| id.try_into().ok()).collect(),
            // Taken from the end.
            refs: (0..count).rev().map(|n| usize::try_from(place(n)).unwrap_or(usize::MAX)).collect(),
            texts: &sheet.texts,
            lengths: sheet.lengths.iter(),
            ints: sheet.ints.iter(),
        }
    }
    fn take(&mut self, hole: Hole) -> Option<Leaf> {
        match hole {
            Hole::Id => self.ids.get(self.refs.pop()?).copied().map(Leaf::Id),
            Hole::Int => self.ints.next().copied().map(Leaf::Int),
            Hole::Text => {
                let (text, rest) = self.texts.split_at_checked(usize::try_from(*self.lengths.next()?).ok()?)?;
                self.texts = rest;
                Some(Leaf::Text(text.to_owned()))
            }
        }
    }
    fn is_empty(&self) -> bool {
        self.refs.is_empty() && self.texts.is_empty() && self.lengths.len() == 0 && self.ints.len() == 0
    }
}

/// The leaves of a group, place by place.
fn transposed(group: Vec<Vec<Leaf>>) -> impl Iterator<Item = Leaf> {
    let places = group.first().map_or(0, Vec::len);
    let mut rows: Vec<_> = group.into_iter().map(Vec::into_iter).collect();
    (0..places).flat_map(move |_| rows.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>())
}
