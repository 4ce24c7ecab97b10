use super::*;
use crate::model::Directory;
use crate::store::{Access, Store, IngestStore, Effects, IssueWrite, LoadPlan, QueryStore};
use serde_json::json;
