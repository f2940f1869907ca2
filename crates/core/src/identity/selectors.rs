//! Questions about the company.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Company;
use crate::db::Tx;
use crate::shared::{Context, Permission, Query, Result};

/// The company these books are of; null before they are set up.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CurrentCompany {}

impl Query for CurrentCompany {
    const NAME: &'static str = "identity.company";
    const NEEDS: Permission = Permission::Read;
    type Output = Option<Company>;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Self::Output> {
        super::api::find_company(tx)
    }
}
