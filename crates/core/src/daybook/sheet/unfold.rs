//! From columns to entries again.

use super::super::wire::{PushedEntry, Said};
use super::columns::Sheet;
use super::moment::{REST, joined};
use super::offer::{Count, Offered};
use super::shape::{Hole, Leaf};

impl Sheet {
    /// The entries. `None` when the columns do not fit together, or unfold to more than `most` bytes.
    pub(super) fn entries(self, mut most: usize) -> Option<Vec<PushedEntry>> {
        let groups = self.groups()?;
        let mut args = vec![Vec::new(); self.kind_of.len()];
        let mut values = Values::of(&self)?;
        for (kind, members) in self.kinds.iter().zip(&groups) {
            most = most.checked_sub(kind.repeats()?.checked_mul(members.len())?)?;
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
    /// The ids of the arguments.
    fn ids(&self) -> Option<Vec<[u8; 16]>> {
        let mut time = 0_i64;
        let id = |(rest, made): (&[u8], &i64)| {
            time = time.wrapping_add(*made);
            joined(time, rest)
        };
        self.ids.chunks_exact(REST).zip(&self.made).map(id).collect()
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
        let mut commands = self.commands.chunks_exact(REST).zip(self.minted);
        let mut entries = Vec::with_capacity(args.len());
        let mut walls = self.walls.into_iter();
        for (args, kind) in args.into_iter().zip(self.kind_of) {
            let kind = self.kinds.get(usize::try_from(kind).ok()?)?;
            wall = wall.wrapping_add(walls.next()?);
            let (rest, minted) = commands.next()?;
            let said = match &kind.offers {
                None => whole.next().map(|(consumed, kept)| Said::Whole { consumed, kept })?,
                Some(kinds) => Said::Bare(offered(kinds, &mut offers, &mut count)?),
            };
            entries.push(PushedEntry {
                name: kind.name.clone(),
                version: kind.version,
                command: joined(wall.wrapping_sub(minted), rest)?,
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

fn offered(kinds: &[(String, u32)], offers: &mut impl Iterator<Item = String>, count: &mut Count) -> Option<Offered> {
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
    fn of(sheet: &'s Sheet) -> Option<Self> {
        let count = sheet.refs.len() / 4;
        let byte = |plane: usize, n: usize| sheet.refs.get(plane * count + n).copied().unwrap_or_default();
        let place = |n| u32::from_le_bytes([byte(0, n), byte(1, n), byte(2, n), byte(3, n)]);
        Some(Values {
            ids: sheet.ids()?,
            // Taken from the end.
            refs: (0..count).rev().map(|n| usize::try_from(place(n)).unwrap_or(usize::MAX)).collect(),
            texts: &sheet.texts,
            lengths: sheet.lengths.iter(),
            ints: sheet.ints.iter(),
        })
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
