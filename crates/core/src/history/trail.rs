//! The steps of one person, by their keys alone: what devices push is executed without reading past them.

use std::collections::BTreeSet;

use super::api::size_of;
use super::model::{Step, StepCost, Trail};
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::Result;
use crate::vals;

/// The most steps that are kept of a person, undone ones among them.
pub const KEPT: i64 = 200;
/// The most bytes that their changes take, unless it is one step alone.
const MOST_BYTES: i64 = 4 << 20;

/// The trail of `actor` as it is stored, and as it goes on.
pub fn trail_of(tx: &mut Tx<'_>, actor: UserId) -> Result<(Option<Trail>, Trail)> {
    let old: Option<Trail> = tx.find(vals![actor])?;
    let trail = old.clone().unwrap_or(Trail { actor, first: 1, last: 0, size: 0, undone: 0 });
    Ok((old, trail))
}

/// Stores the trail that was `old`.
pub fn keep(tx: &mut Tx<'_>, old: Option<Trail>, trail: &Trail) -> Result<()> {
    match old {
        Some(old) => tx.update(&old, trail),
        None => tx.insert(trail),
    }
}

/// Forgets the steps that are undone: something else was done since.
pub fn forget_undone(tx: &mut Tx<'_>, trail: &mut Trail) -> Result<()> {
    if trail.undone == 0 {
        return Ok(());
    }
    let steps: Vec<Step> = tx.find_all(&["actor"], vals![trail.actor])?;
    let mut gone = BTreeSet::new();
    for step in steps.into_iter().filter(|step| step.undone > 0) {
        gone.insert(step.n);
        forget(tx, trail, &step)?;
    }
    while gone.contains(&trail.last) {
        trail.last -= 1;
    }
    trail.undone = 0;
    Ok(())
}

/// Forgets the oldest steps until what is kept is within bounds.
pub fn prune(tx: &mut Tx<'_>, trail: &mut Trail) -> Result<()> {
    while trail.first < trail.last && (trail.last - trail.first >= KEPT || trail.size > MOST_BYTES) {
        if let Some(step) = tx.find::<Step>(vals![trail.actor, trail.first])? {
            forget(tx, trail, &step)?;
        }
        trail.first += 1;
    }
    Ok(())
}

fn forget(tx: &mut Tx<'_>, trail: &mut Trail, step: &Step) -> Result<()> {
    trail.size -= size_of(&step.changes);
    tx.remove(step)?;
    if tx.holds::<StepCost>()
        && let Some(cost) = tx.find::<StepCost>(vals![step.actor, step.n])?
    {
        tx.remove(&cost)?;
    }
    Ok(())
}
