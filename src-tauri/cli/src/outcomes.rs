//! `picketctl outcomes`.

use crate::args::{OutcomesArgs, OutcomesBy};
use crate::context::Context;
use crate::output;
use anyhow::Result;
use picket_core::store::{Access, OutcomeGrouping, QueryStore};

pub async fn run(context: &Context, args: OutcomesArgs) -> Result<()> {
    let store = context.open(Access::ReadOnly).await?;
    let by = match args.by {
        OutcomesBy::Reason => OutcomeGrouping::Reason,
        OutcomesBy::Hour => OutcomeGrouping::Hour,
    };
    let rows = store.outcomes(by).await.map_err(picket_core::Error::from)?;
    if context.json {
        return output::json(&rows);
    }
    let mut table = output::table(&["OUTCOME", "GROUP", "RECORDS"]);
    for row in &rows {
        table.add_row(vec![
            row.outcome.clone(),
            row.group.clone(),
            row.quantity.to_string(),
        ]);
    }
    output::text(&table.to_string())
}
