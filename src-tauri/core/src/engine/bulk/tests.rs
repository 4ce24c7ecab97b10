use super::*;
use crate::model::Directory;
use crate::store::{Access, Effects, IngestStore, IssueWrite, LoadPlan, QueryStore, Store};
use serde_json::json;
