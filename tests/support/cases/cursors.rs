//! Pages of lists (search spec, section 10): the steps of a case, one after the other, on one list in memory, through
//! the paginators that the stores use.

use super::{Outcome, name, of_file, without_remarks};
use picket_core::paging::{
    BadRequest, Cursor, Hits, Keyset, Limit, Micros, Order, PAGE_CAP, Page, PageNumbers, ScorePager,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Runs the cases of a file.
pub fn run(file: &str, text: &str) -> Vec<Outcome> {
    match of_file(text) {
        Ok(cases) => cases.into_iter().map(play).collect(),
        Err(why) => vec![Outcome::unsupported(file, why)],
    }
}

fn play(mut case: Value) -> Outcome {
    let name = name(&case);
    without_remarks(&mut case);
    if let Some(steps) = case["steps"].as_array_mut() {
        steps.iter_mut().for_each(without_remarks);
    }
    let answers = serde_json::from_value(case)
        .map_err(|error| error.to_string())
        .and_then(Case::answers);
    match answers {
        Ok((expected, happened)) => Outcome::of(name, &expected.into(), &happened.into()),
        Err(why) => Outcome::unsupported(name, why),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default, rename = "name")]
    _name: Option<String>,
    paginator: Option<Paginator>,
    order: Option<Direction>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    rows: Vec<i64>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Paginator {
    KeysetDate,
    Score,
    OffsetPage,
    Any,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Asc,
    Desc,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    id: i64,
    score: i64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: i64,
    at_us: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    set_rows: Option<Vec<Row>>,
    get: Option<Get>,
    paginator: Option<Paginator>,
    expect: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Get {
    limit: Option<Value>,
    cursor: Option<String>,
    #[serde(default)]
    count: bool,
    max_hits: Option<i64>,
}

impl Case {
    /// What is expected of the `get` steps, and what they gave.
    fn answers(mut self) -> Result<(Vec<Value>, Vec<Value>), String> {
        let order = match self.order {
            Some(Direction::Asc) => Order::Ascending,
            Some(Direction::Desc) | None => Order::Descending,
        };
        self.items.sort_by_key(|item| (item.score, item.id));
        if order == Order::Descending {
            self.items.reverse();
        }
        let mut dated = Vec::new();
        let (mut expected, mut happened) = (Vec::new(), Vec::new());
        for (at, step) in std::mem::take(&mut self.steps).into_iter().enumerate() {
            match step {
                Step {
                    set_rows: Some(rows),
                    get: None,
                    paginator: None,
                    expect: None,
                } => dated = rows,
                Step {
                    set_rows: None,
                    get: Some(get),
                    paginator,
                    expect: Some(expect),
                } => {
                    let paginator = paginator
                        .or(self.paginator)
                        .ok_or_else(|| format!("steps[{at}]: no paginator is named"))?;
                    let answer = self.page(&get, paginator, order, &dated);
                    happened.push(answer.unwrap_or_else(|_| json!({"error": BadRequest::CODE})));
                    expected.push(expect);
                }
                _ => {
                    return Err(format!(
                        "steps[{at}]: a step has either set_rows, or get and expect"
                    ));
                }
            }
        }
        Ok((expected, happened))
    }

    fn page(
        &self,
        get: &Get,
        paginator: Paginator,
        order: Order,
        dated: &[Row],
    ) -> Result<Value, BadRequest> {
        let cursor = Cursor::parse(get.cursor.as_deref().unwrap_or_default())?;
        let limit = match &get.limit {
            None | Some(Value::Null) => Limit::PAGE,
            Some(Value::String(text)) => Limit::parse(text, PAGE_CAP)?,
            Some(other) => Limit::parse(&other.to_string(), PAGE_CAP)?,
        };
        let (page, length) = match paginator {
            Paginator::KeysetDate => {
                let pager = Keyset::new(order, limit, cursor);
                let column = |row: &Row| Micros(row.at_us);
                let read = pager.slice().read(dated, column, |row| row.id);
                let page = pager.page(read, column);
                let ids = |rows: Vec<Row>| rows.iter().map(|row| row.id).collect();
                (page.map(ids), dated.len())
            }
            Paginator::Score => {
                let list: Vec<_> = self
                    .items
                    .iter()
                    .map(|item| (item.score, item.id))
                    .collect();
                let page = match order {
                    Order::Descending => ScorePager::of_issues(limit, cursor).page(&list),
                    Order::Ascending => ScorePager::new(order, limit, cursor).page(&list),
                };
                (page, list.len())
            }
            Paginator::OffsetPage => {
                let pager = PageNumbers::new(limit, cursor, None)?;
                let slice = pager.slice();
                let place = |number: i64| usize::try_from(number).unwrap_or_default();
                let rows = self.rows.iter().skip(place(slice.skip));
                let rows = rows.take(place(slice.take)).copied();
                (pager.page(rows), self.rows.len())
            }
            // There is no list, and so no page but the place that was asked for.
            Paginator::Any => (ScorePager::new(order, limit, cursor).page(&[]), 0),
        };
        let hits = Hits::plan(get.count, get.max_hits, false);
        Ok(answer(
            &page,
            hits.of_length(i64::try_from(length).unwrap_or(i64::MAX)),
        ))
    }
}

fn answer(page: &Page<i64>, hits: Option<i64>) -> Value {
    let mut answer = json!({"ids": page.rows, "prev": page.prev, "next": page.next});
    if let Some(hits) = hits {
        answer["hits"] = hits.into();
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outcomes of these cases.
    fn outcomes(cases: &Value) -> Vec<Outcome> {
        run("file", &json!({"about": "x", "cases": cases}).to_string())
    }

    fn actual(case: &Value) -> Value {
        let [outcome] = outcomes(&json!([case])).try_into().unwrap();
        outcome.actual
    }

    fn link(cursor: &str, results: bool) -> Value {
        json!({"cursor": cursor, "results": results})
    }

    #[test]
    fn steps_run_one_after_the_other_on_one_list() {
        let case = json!({
            "name": "growing", "note": "x", "paginator": "keyset_date", "order": "desc", "steps": [
                {"get": {"limit": 1, "cursor": null}, "expect": {"ids": [], "prev": link("0:0:1", false), "next": link("0:0:0", false)}},
                {"note": "x", "set_rows": [{"id": 7, "at_us": 5_000_000}, {"id": 8, "at_us": 6_000_000}]},
                {"get": {"limit": 1, "cursor": "", "count": true}, "expect": {"ids": [8], "prev": link("6000:0:1", false), "next": link("5000:0:0", true), "hits": 2}},
                {"get": {"limit": 1, "cursor": "5000:0:0", "count": true, "max_hits": 1}, "expect": {"ids": [7], "hits": 1}},
                {"get": {"limit": 1, "cursor": "5000:0:0", "count": true, "max_hits": 0}, "expect": {"hits": 0}},
            ],
        });
        let outcome = &outcomes(&json!([case]))[0];
        assert_eq!(
            (outcome.case.as_str(), &outcome.diff),
            ("growing", &Vec::new())
        );
        assert_eq!(outcome.actual.as_array().unwrap().len(), 4);
        assert_eq!(outcome.actual[3], json!({"hits": 0}));
    }

    #[test]
    fn ascending_lists_begin_with_the_oldest() {
        let rows = json!([{"id": 1, "at_us": 9_000_000}, {"id": 2, "at_us": 3_000_000}]);
        let get = json!({"get": {"cursor": null}, "expect": {"ids": []}});
        let case =
            json!({"paginator": "keyset_date", "order": "asc", "steps": [{"set_rows": rows}, get]});
        assert_eq!(actual(&case), json!([{"ids": [2, 1]}]));
    }

    #[test]
    fn scores_page_as_issues_do() {
        let case = json!({
            "paginator": "score", "items": [{"id": 1, "score": 5}, {"id": 2, "score": 9}, {"id": 3, "score": 5}],
            "steps": [
                {"get": {"limit": 2, "cursor": null}, "expect": {"ids": [], "prev": {}, "next": {"cursor": ""}}},
                {"get": {"limit": 2, "cursor": "0:0:0"}, "expect": {"prev": {"results": true}}},
            ],
        });
        assert_eq!(
            actual(&case),
            json!([{"ids": [2, 3], "prev": {}, "next": {"cursor": "5:1:0"}}, {"prev": {"results": true}}])
        );
    }

    #[test]
    fn a_step_can_have_another_paginator() {
        let expect = json!({"ids": [], "prev": {"cursor": "", "results": true}});
        let case = json!({"name": "both", "paginator": "any", "rows": [4, 5], "steps": [
            {"get": {"limit": 1, "cursor": "8:1:0"}, "expect": expect},
            {"get": {"limit": 1, "cursor": "1:1:0"}, "paginator": "offset_page", "expect": expect},
            {"get": {"limit": 1, "cursor": "8:1:0"}, "expect": expect},
        ]});
        let place = json!({"ids": [], "prev": {"cursor": "8:1:1", "results": false}});
        let page = json!({"ids": [5], "prev": {"cursor": "1:0:1", "results": true}});
        assert_eq!(actual(&case), json!([place, page, place]));
    }

    #[test]
    fn what_is_refused_is_an_error_of_its_step() {
        let step = |get: Value| json!({"get": get, "expect": {"error": "bad_request"}});
        let case = json!({"paginator": "offset_page", "steps": [
            step(json!({"limit": 1, "cursor": "1:2"})),
            step(json!({"limit": 1, "cursor": "10:-1:0"})),
            step(json!({"limit": 0, "cursor": null})),
            step(json!({"limit": -3, "cursor": null})),
            step(json!({"limit": 1.5, "cursor": null})),
            step(json!({"limit": "abc", "cursor": null})),
            step(json!({"limit": true, "cursor": null})),
        ]});
        let outcome = &outcomes(&json!([case]))[0];
        assert_eq!(outcome.diff, Vec::<String>::new());
        let case = json!({"paginator": "offset_page", "steps": [step(json!({"limit": 1, "cursor": "1:0:0"}))]});
        let outcome = &outcomes(&json!([case]))[0];
        assert_eq!(outcome.actual[0]["next"], link("1:1:0", false));
        assert_eq!(
            outcome.diff[0],
            "[0].error: expected \"bad_request\" got nothing"
        );
    }

    #[test]
    fn what_cannot_be_carried_out_is_said() {
        let get = json!({"get": {"limit": 1, "cursor": null}, "expect": {"ids": []}});
        let cases = json!([
            {"name": "unknown paginator", "paginator": "magic", "steps": [get]},
            {"name": "no paginator", "steps": [get]},
            {"name": "unknown member", "paginator": "any", "speed": 1, "steps": [get]},
            {"name": "unknown step", "paginator": "any", "steps": [{"wait": 1}]},
            {"name": "empty step", "paginator": "any", "steps": [{}]},
            {"name": "both in one", "paginator": "any", "steps": [{"set_rows": [], "get": {}, "expect": {}}]},
            {"name": "nothing expected", "paginator": "any", "steps": [{"get": {}}]},
            {"name": "no steps", "paginator": "any"},
            {"name": "good", "paginator": "any", "steps": [get]},
        ]);
        let outcomes = outcomes(&cases);
        let (good, unsupported) = outcomes.split_last().unwrap();
        assert_eq!((good.case.as_str(), good.diff.len()), ("good", 0));
        for outcome in unsupported {
            assert_eq!(
                outcome.actual,
                json!({"error": "unsupported"}),
                "{}",
                outcome.case
            );
            assert_eq!(outcome.diff.len(), 1);
        }
        for text in ["{", "{}", "5", "{\"cases\": 1}"] {
            let outcomes = run("file", text);
            assert_eq!(outcomes[0].actual, json!({"error": "unsupported"}));
            assert_eq!(outcomes[0].case, "file");
        }
    }
}
