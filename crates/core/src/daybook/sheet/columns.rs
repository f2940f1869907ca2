//! The columns of a run.

use std::collections::{BTreeMap, HashMap};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::super::wire::{PushedEntry, Said};
use super::kind::Kind;
use super::moment::parted;
use super::offer::Count;
use super::shape::Leaf;

type Consumed = BTreeMap<String, String>;
type Kept = BTreeMap<String, ByteVec>;

/// A run, by columns. Values of arguments stand by kind, then by their place in it, then in the order of the
/// entries.
#[derive(Default, Encode, Decode)]
#[cbor(array)]
pub(super) struct Sheet {
    #[n(0)]
    pub(super) kinds: Vec<Kind>,
    /// The kind of every entry.
    #[n(1)]
    pub(super) kind_of: Vec<u32>,
    /// The last ten bytes of every command's id; the others are a time, as most ids begin.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(super) commands: Vec<u8>,
    /// Milliseconds after the entry before.
    #[n(3)]
    pub(super) walls: Vec<i64>,
    /// Every id of the arguments once: its last ten bytes.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub(super) ids: Vec<u8>,
    /// Which id, as 32-bit numbers: first the lowest bytes of all, then the next.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub(super) refs: Vec<u8>,
    #[n(6)]
    pub(super) texts: String,
    /// Bytes of every text.
    #[n(7)]
    pub(super) lengths: Vec<u32>,
    #[n(8)]
    pub(super) ints: Vec<i64>,
    /// What was consumed, of entries that offer it.
    #[n(9)]
    pub(super) offers: Vec<String>,
    /// What was consumed and kept, of the others.
    #[n(10)]
    pub(super) whole: Vec<(Consumed, Kept)>,
    /// Milliseconds from the time in every command's id to that of its entry.
    #[n(11)]
    pub(super) minted: Vec<i64>,
    /// Milliseconds from the time in every id of the arguments to that in the next.
    #[n(12)]
    pub(super) made: Vec<i64>,
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
            let (minted, rest) = parted(entry.command);
            sheet.commands.extend_from_slice(&rest);
            sheet.minted.push(entry.wall_ms.wrapping_sub(minted));
            sheet.walls.push(entry.wall_ms.wrapping_sub(wall));
            wall = entry.wall_ms;
            sheet.say(&entry.said, &mut count);
        }
        let (mut known, mut refs) = (Known::default(), Vec::new());
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
    fn put(&mut self, leaf: Leaf, known: &mut Known, refs: &mut Vec<u32>) {
        match leaf {
            Leaf::Id(id) => {
                let next = u32::try_from(known.places.len()).unwrap_or(u32::MAX);
                refs.push(*known.places.entry(id).or_insert_with(|| {
                    let (made, rest) = parted(id);
                    self.ids.extend_from_slice(&rest);
                    self.made.push(made.wrapping_sub(known.made));
                    known.made = made;
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
}

/// The ids that a sheet has, and the time in the newest.
#[derive(Default)]
struct Known {
    places: HashMap<[u8; 16], u32>,
    made: i64,
}

/// The leaves of a group, place by place.
fn transposed(group: Vec<Vec<Leaf>>) -> impl Iterator<Item = Leaf> {
    let places = group.first().map_or(0, Vec::len);
    let mut rows: Vec<_> = group.into_iter().map(Vec::into_iter).collect();
    (0..places).flat_map(move |_| rows.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>())
}
