//! What entries of a run have in common.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::super::wire::{PushedEntry, Said};
use super::shape::{Hole, Leaf, cut, fill, holes};

/// Entries that differ in the values of their arguments alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub(super) struct Kind {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub version: u16,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    pub batch: Option<[u8; 16]>,
    /// For entries that offer what they consumed: how many values of which kind.
    #[n(4)]
    pub offers: Option<Vec<(String, u32)>>,
    /// The arguments without their values, or all of them.
    #[n(5)]
    pub shape: ByteVec,
    /// Whether values were cut out of the arguments.
    #[n(6)]
    pub cut: bool,
}

impl Kind {
    /// The kind of an entry, and the values of its arguments.
    pub(super) fn of(entry: &PushedEntry) -> (Self, Vec<Leaf>) {
        let args = entry.args.as_slice();
        let parts = cut(args).filter(|(shape, leaves)| fill(shape, leaves.clone()).as_deref() == Some(args));
        let (shape, leaves, cut) = parts.map_or_else(|| (args.to_vec(), Vec::new(), false), |(shape, leaves)| (shape, leaves, true));
        let offers = match &entry.said {
            Said::Whole { .. } => None,
            Said::Bare(offered) => Some(offered.iter().map(|(kind, values)| (kind.clone(), u32::try_from(values.len()).unwrap_or(u32::MAX))).collect()),
        };
        let batch = entry.batch.as_ref().and_then(|bytes| bytes.as_slice().try_into().ok());
        (Kind { name: entry.name.clone(), version: entry.version, actor: entry.actor, batch, offers, shape: shape.into(), cut }, leaves)
    }
    /// How many bytes an entry repeats of its kind, beside its arguments. `None` when the kind offers nothing of
    /// something.
    pub(super) fn repeats(&self) -> Option<usize> {
        let offers = self.offers.as_deref().unwrap_or_default();
        let per_value = |(kind, count): &(String, u32)| kind.len().checked_mul(usize::try_from(*count).ok().filter(|count| *count > 0)?);
        offers.iter().try_fold(self.name.len(), |sum, offer| sum.checked_add(per_value(offer)?))
    }
    /// The places of values in the arguments.
    pub(super) fn holes(&self) -> Option<Vec<Hole>> {
        if self.cut { holes(&self.shape) } else { Some(Vec::new()) }
    }
    /// The arguments with these values.
    pub(super) fn args(&self, leaves: Vec<Leaf>) -> Option<Vec<u8>> {
        if self.cut { fill(&self.shape, leaves) } else { Some(self.shape.to_vec()) }
    }
}
