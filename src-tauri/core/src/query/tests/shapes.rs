//! Sections 2.1 and 2.2: keys, and the table of shapes in its order.

use super::{issues, plain, read_as, spans};
use crate::query::SearchConfig;

#[test]
fn quoted_keys_may_hold_colons() {
    read_as(
        &plain(),
        &[
            ("\"hi:there\":value", "hi:there = 'value'"),
            ("!\"hi:there\":value", "hi:there != 'value'"),
            ("\"plain\":1", "plain = '1'"),
            ("hi:there:value", "hi = 'there:value'"),
        ],
    );
}

#[test]
fn aliases_hold_for_keys_but_not_for_explicit_tags() {
    read_as(
        &issues(),
        &[
            ("assigned:me", "assigned_to = 'me'"),
            ("\"assigned\":me", "assigned_to = 'me'"),
            ("has:assigned", "assigned_to != ''"),
            ("dist:1", "sentry:dist = '1'"),
            ("tags[assigned]:me", "tags[assigned] = 'me'"),
            ("tags[age]:old", "tags[age] = 'old'"),
            (
                "first-release:123 non_mapped:456",
                "first_release = '123'; non_mapped = '456'",
            ),
        ],
    );
    let mut config = plain();
    config.aliases.insert("p95(x, y)".into(), "p95()".into());
    read_as(&config, &[("p95(x,y):>5s", "p95() > 5000")]);
}

#[test]
fn an_alias_of_an_aggregate_is_of_the_kind_of_its_target() {
    let mut config = plain();
    config.aliases.insert("slow()".into(), "p95()".into());
    read_as(&config, &[("slow():>5s", "p95() > 5000")]);
}

#[test]
fn explicit_tags_take_text_and_lists_only() {
    read_as(
        &plain(),
        &[
            ("tags[fruit]:apple", "tags[fruit] = 'apple'"),
            ("tags[project_id]:123", "tags[project_id] = '123'"),
            (
                "!tags[project_id]:[1,2]",
                "tags[project_id] NOT IN ['1', '2']",
            ),
            ("tags[\"a:b\"]:x", "tags[a:b] = 'x'"),
            ("tags[timestamp]:-24h", "tags[timestamp] = '-24h'"),
            ("tags[x]:>5", "tags[x] = '>5'"),
            ("tags[x]:", "! empty_value"),
            ("tags[a:b]:x", "message = 'tags[a:b]:x'"),
            ("tags[a b]:x", "message = 'tags[a b]:x'"),
            ("flags[a]:x", "message = 'flags[a]:x'"),
        ],
    );
}

#[test]
fn aggregates_are_named_in_one_way() {
    read_as(
        &plain(),
        &[
            ("count_if(a,equals,b):>1", "count_if(a, equals, b) > 1"),
            (
                "count_if( a , equals,  b ):>1",
                "count_if(a, equals, b) > 1",
            ),
            ("count():5", "count() = 5"),
            ("count(  ):5", "count() = 5"),
            (
                "count_if(a,equals,\"I, got \\\"quotes\\\"\"):>100",
                "count_if(a, equals, \"I, got \\\"quotes\\\"\") > 100",
            ),
            ("count_if(a,):>1", "! list_empty_value"),
            ("count_if(a,,b):>1", "! list_empty_value"),
            ("count_if(a,te\"st):>1", "message = 'count_if(a,te\"st):>1'"),
            ("count_if(,a):>1", "message = 'count_if(,a):>1'"),
            ("count_if(a b):>1", "message = 'count_if(a b):>1'"),
        ],
    );
}

#[test]
fn keys_may_be_allowed_or_blocked() {
    let mut allowed = plain();
    allowed.allowed_keys = ["level".into(), "count()".into()].into();
    read_as(
        &allowed,
        &[
            ("level:error", "level = 'error'"),
            ("has:level", "level != ''"),
            ("count():5", "count() = 5"),
            ("other:1", "! key_not_allowed"),
            ("has:other", "! key_not_allowed"),
            ("tags[level]:1", "! key_not_allowed"),
            ("sum():5", "! key_not_allowed"),
            ("free text", "message = 'free text'"),
        ],
    );
    let mut blocked = plain();
    blocked.blocked_keys = ["secret".into()].into();
    read_as(
        &blocked,
        &[
            ("secret:1", "! key_not_allowed"),
            ("other:1", "other = '1'"),
        ],
    );
}

#[test]
fn row_1_an_operator_and_a_date() {
    read_as(
        &plain(),
        &[
            ("timestamp:>2015-05-18", "timestamp > 2015-05-18T00:00:00Z"),
            (
                "timestamp:>=2015-05-18T01:02:03",
                "timestamp >= 2015-05-18T01:02:03Z",
            ),
            (
                "timestamp:<2015-05-18T01:02:03.5Z",
                "timestamp < 2015-05-18T01:02:03.500Z",
            ),
            (
                "timestamp:<=2015-05-18T01:02:03+02:00",
                "timestamp <= 2015-05-17T23:02:03Z",
            ),
            (
                "timestamp:=2015-05-18T01:02:03-00:30",
                "timestamp = 2015-05-18T01:32:03Z",
            ),
            (
                "timestamp:!=2015-05-18",
                "timestamp != 2015-05-18T00:00:00Z",
            ),
            ("random:>2015-05-18", "random = '>2015-05-18'"),
            ("random:=2015-05-18", "random = '2015-05-18'"),
            ("random:!=2015-05-18", "random = '!=2015-05-18'"),
            (
                "release.version:>2015-05-18",
                "release.version = '>2015-05-18'",
            ),
            ("project_id:>2015-05-18", "! invalid_number"),
            ("stack.in_app:>2015-05-18", "! invalid_boolean"),
            ("timestamp:>2015-05-18x", "! invalid_date"),
            ("timestamp:>2015-02-30", "! invalid_date"),
            ("timestamp:>2015-05-18T25:00:00", "! invalid_date"),
            ("timestamp:>2015-05-18T01:00:00+99:00", "! invalid_date"),
            ("timestamp:>0000-01-01", "! invalid_date"),
            ("random:>2015-02-30", "random = '>2015-02-30'"),
            ("!timestamp:>2020-01-01", "! invalid_date"),
            ("!random:>2020-01-01", "random != '>2020-01-01'"),
        ],
    );
}

#[test]
fn row_2_a_date_is_a_range() {
    read_as(
        &plain(),
        &[
            (
                "timestamp:2018-01-01",
                "timestamp >= 2018-01-01T00:00:00Z; timestamp < 2018-01-02T00:00:00Z",
            ),
            (
                "timestamp:2018-01-01T05:06:07Z",
                "timestamp >= 2018-01-01T05:01:07Z; timestamp < 2018-01-01T05:12:07Z",
            ),
            (
                "timestamp:2018-01-01T05:06:07.25+01:00",
                "timestamp >= 2018-01-01T04:01:07.250Z; timestamp < 2018-01-01T04:12:07.250Z",
            ),
            ("random:2018-01-01", "random = '2018-01-01'"),
            ("!random:2018-01-01", "random != '2018-01-01'"),
            ("!timestamp:2018-01-01", "! invalid_date"),
            ("timestamp:9999-12-31", "! invalid_date"),
            ("timestamp:2018-01-01T00:01ZZ", "! invalid_date"),
            ("timestamp:2018-01-01T05:06:07.1234567", "! invalid_date"),
            ("times:2018-1-1", "times = '2018-1-1'"),
        ],
    );
}

#[test]
fn row_3_a_distance_is_always_into_the_past() {
    read_as(
        &issues(),
        &[
            ("age:-24h", "first_seen >= 2024-05-31T12:00:00Z"),
            ("age:+24h", "first_seen <= 2024-05-31T12:00:00Z"),
            ("age:-30m", "first_seen >= 2024-06-01T11:30:00Z"),
            ("age:-2d", "first_seen >= 2024-05-30T12:00:00Z"),
            ("age:+1w", "first_seen <= 2024-05-25T12:00:00Z"),
            ("random:-2w", "random = '-2w'"),
            ("times_seen:+7d", "! invalid_number"),
            ("times_seen:-5m", "! invalid_number"),
            ("!age:-24h", "! invalid_date"),
            ("age:24h", "! invalid_date"),
            ("age:-24x", "! invalid_date"),
            ("age:>-24h", "! invalid_date"),
            ("age:-99999999999999999999d", "! invalid_date"),
            ("age:-999999999d", "! invalid_date"),
        ],
    );
}

#[test]
fn row_4_durations() {
    read_as(
        &plain(),
        &[
            ("transaction.duration:>2m", "transaction.duration > 120000"),
            ("transaction.duration:500ms", "transaction.duration = 500"),
            (
                "!transaction.duration:>1.5s",
                "transaction.duration <= 1500",
            ),
            (
                "transaction.duration:!=1h",
                "transaction.duration != 3600000",
            ),
            ("spans.browser:1.5s", "spans.browser = 1500"),
            ("measurements.lcp:<2.s", "measurements.lcp < 2000"),
            ("stack.colno:>3m", "stack.colno > 3000000"),
            ("!stack.colno:>3m", "stack.colno <= 3000000"),
            ("stack.colno:>3s", "! number_suffix"),
            ("measurements.size:3h", "! number_suffix"),
            ("user.id:500s", "user.id = '500s'"),
            ("!user.id:500s", "user.id != '500s'"),
            ("p95:>5s", "p95 = '>5s'"),
            ("!p95:>5s", "p95 != '>5s'"),
            ("user.id:!=500s", "user.id != '500s'"),
            ("user.id:=500s", "user.id = '500s'"),
            ("release.version:>1d", "release.version > '1d'"),
            ("timestamp:5d", "! invalid_date"),
            ("stack.in_app:5d", "! invalid_boolean"),
            ("transaction.duration:-5s", "! invalid_number"),
            ("transaction.duration:5S", "! invalid_number"),
        ],
    );
}

#[test]
fn row_5_sizes() {
    let mut config = plain();
    config.size_keys.insert("body".into());
    read_as(
        &config,
        &[
            ("body:>1kb", "body > 1000"),
            ("!body:>=1KiB", "body < 1024"),
            ("body:8bit", "body = 1"),
            ("body:500", "body = 500"),
            ("body:big", "! invalid_number"),
            ("random:>5kb", "random = '>5kb'"),
            ("!random:5kb", "random != '5kb'"),
            // The checks of the table leave this row out.
            ("project_id:5kb", "project_id = '5kb'"),
            ("timestamp:5kb", "timestamp = '5kb'"),
        ],
    );
}

#[test]
fn row_6_true_and_false() {
    read_as(
        &plain(),
        &[
            ("stack.in_app:true", "stack.in_app = 1"),
            ("stack.in_app:FALSE", "stack.in_app = 0"),
            ("stack.in_app:1", "stack.in_app = 1"),
            ("!stack.in_app:false", "stack.in_app = 1"),
            ("!stack.in_app:1", "stack.in_app = 0"),
            ("project_id:1", "project_id = 1"),
            ("!project_id:0", "project_id != 0"),
            ("project_id:true", "! invalid_number"),
            ("user.id:true", "user.id = 'true'"),
            ("!user.id:1", "user.id != '1'"),
            ("timestamp:1", "! invalid_date"),
            ("stack.in_app:lol", "! invalid_boolean"),
            ("stack.in_app:123", "! invalid_boolean"),
            ("stack.in_app:>true", "! invalid_boolean"),
            ("stack.in_app:[1,0]", "! invalid_boolean"),
            ("user.id:trues", "user.id = 'trues'"),
        ],
    );
}

#[test]
fn row_7_lists_of_numbers() {
    read_as(
        &plain(),
        &[
            ("project_id:[1, 2,3k]", "project_id IN [1, 2, 3000]"),
            ("!project_id:[1.5]", "project_id NOT IN [1.5]"),
            ("random:[1.0, 2k]", "random IN ['1.0', '2k']"),
            ("!random:[1]", "random NOT IN ['1']"),
            ("timestamp:[1,2]", "! invalid_date"),
            ("project_id:[1,x]", "! invalid_number"),
            ("issue.id:[a,b]", "! invalid_number"),
            ("project_id:[500,501,]", "! list_empty_value"),
        ],
    );
}

#[test]
fn row_8_numbers() {
    read_as(
        &plain(),
        &[
            ("project_id:-5", "project_id = -5"),
            ("project_id:>=2.5K", "project_id >= 2500"),
            ("project_id:<1B", "project_id < 1000000000"),
            ("!project_id:<10", "project_id >= 10"),
            ("project_id:!=10", "project_id != 10"),
            ("!project_id:!=10", "project_id = 10"),
            ("project_id:5.", "project_id = 5"),
            ("project_id:.5", "! invalid_number"),
            ("project.id:one", "! invalid_number"),
            ("random:>500", "random = '>500'"),
            ("!random:>500", "random != '>500'"),
            ("random:=500", "random = '500'"),
            ("random:!=500", "random != '500'"),
            ("random:1.50", "random = '1.50'"),
            ("release.version:>5", "release.version > '5'"),
            ("!release.build:>=5", "release.build < '5'"),
            ("stack.in_app:2", "! invalid_boolean"),
            ("timestamp:123", "! invalid_date"),
            ("timesSeen:>1t", "timesSeen = '>1t'"),
            // A comma or a bracket ends a number as an edge does.
            ("user.id:123,456", "user.id = '123'; message = ',456'"),
            ("user.id:12]", "user.id = '12'; message = ']'"),
            ("user.id:1,x", "user.id = '1'; message = ',x'"),
        ],
    );
    read_as(&issues(), &[("timesSeen:>1t", "! invalid_number")]);
    let endless = format!("project_id:{}", "9".repeat(400));
    read_as(&plain(), &[(endless.as_str(), "! invalid_number")]);
}

#[test]
fn row_9_durations_of_aggregates() {
    read_as(
        &plain(),
        &[
            ("p95():>3.3s", "p95() > 3300"),
            (
                "!avg(transaction.duration):>2m",
                "avg(transaction.duration) <= 120000",
            ),
            (
                "percentile(spans.browser, 0.5):3.3s",
                "percentile(spans.browser, 0.5) = 3300",
            ),
            ("min(spans.browser):2m", "min(spans.browser) = 120000"),
            (
                "min(measurements.size):2m",
                "min(measurements.size) = 2000000",
            ),
            ("min(measurements.fp):2m", "min(measurements.fp) = 120000"),
            ("any():1h", "any() = 3600000"),
            ("count():>5m", "count() > 5000000"),
            (
                "count_unique(transaction.duration):1m",
                "count_unique(transaction.duration) = 1000000",
            ),
            ("avg(stack.colno):>500s", "! number_suffix"),
            ("apdex():5s", "! number_suffix"),
        ],
    );
    read_as(
        &spans(),
        &[
            ("p50(span.duration):2m", "p50(span.duration) = 120000"),
            ("p50():2m", "p50() = 120000"),
        ],
    );
}

#[test]
fn row_10_percentages() {
    read_as(
        &plain(),
        &[
            ("failure_rate():>5%", "failure_rate() > 0.05"),
            ("!failure_rate():>5%", "failure_rate() <= 0.05"),
            ("percentage(a, b):12.5%", "percentage(a, b) = 0.125"),
            ("failure_rate():5%x", "failure_rate() = 0.05; message = 'x'"),
            ("count():>5%", "count() = '>5'"),
            ("!count():5%", "count() = '5'"),
            ("count():=5%", "count() = '5'"),
            ("count():!=5%", "count() = '!=5'"),
            ("count():-5%", "message = 'count():-5%'"),
            (
                "percentage(transaction.duration, transaction.duration):>..500%",
                "message = 'percentage(transaction.duration, transaction.duration):>..500%'",
            ),
        ],
    );
}

#[test]
fn rows_11_and_12_numbers_and_sizes_of_aggregates() {
    read_as(
        &plain(),
        &[
            ("count():>1k", "count() > 1000"),
            ("!count():<-5", "count() >= -5"),
            ("failure_rate():0.5", "failure_rate() = 0.5"),
            ("p95():5", "p95() = 5"),
            ("sum(measurements.x):>1mb", "sum(measurements.x) > 1000000"),
            ("!sum(measurements.x):1kib", "sum(measurements.x) != 1024"),
            ("count():5,6", "count() = 5; message = ',6'"),
        ],
    );
}

#[test]
fn rows_13_and_14_dates_of_aggregates() {
    read_as(
        &plain(),
        &[
            (
                "last_seen():>2024-01-01",
                "last_seen() > 2024-01-01T00:00:00Z",
            ),
            (
                "last_seen():2024-01-01",
                "last_seen() = 2024-01-01T00:00:00Z",
            ),
            (
                "!last_seen():>2024-01-01",
                "last_seen() <= 2024-01-01T00:00:00Z",
            ),
            (
                "max(timestamp):<2024-01-01",
                "max(timestamp) < 2024-01-01T00:00:00Z",
            ),
            // Also where the name of a date key only happens to be in it.
            ("f(weekend):2024-01-01", "f(weekend) = 2024-01-01T00:00:00Z"),
            ("last_seen():>2024-13-01", "! invalid_date"),
            ("count():>2024-01-01", "count() = '>2024-01-01'"),
            ("!count():2024-01-01", "count() = '2024-01-01'"),
            ("last_seen():+7d", "last_seen() <= 2024-05-25T12:00:00Z"),
            ("!last_seen():>-2w", "last_seen() >= 2024-05-18T12:00:00Z"),
            ("count():-2w", "count() = '-2w'"),
            ("count():>-2w", "count() = '>-2w'"),
        ],
    );
}

#[test]
fn aggregates_have_no_text() {
    read_as(
        &plain(),
        &[
            (
                "avg(transaction.duration):>..500s",
                "message = 'avg(transaction.duration):>..500s'",
            ),
            ("count():many", "message = 'count():many'"),
            ("count():[1,2]", "message = 'count():[1,2]'"),
            ("count():", "message = 'count():'"),
            ("!count():x a:1", "message = '!count():x'; a = '1'"),
        ],
    );
}

#[test]
fn row_18_text() {
    read_as(
        &plain(),
        &[
            (
                "user.email:foo@example.com",
                "user.email = 'foo@example.com'",
            ),
            ("!a:b", "a != 'b'"),
            ("a:!=b", "a != 'b'"),
            ("!a:!=b", "a = 'b'"),
            ("a:=b", "a = 'b'"),
            ("a:==b", "a = '=b'"),
            ("random:<hello", "random = '<hello'"),
            ("!random:<hello", "random != '<hello'"),
            ("random:<512.1.0", "random = '<512.1.0'"),
            ("release.version:>=1.2.3", "release.version >= '1.2.3'"),
            ("!release.version:<1.2.3", "release.version >= '1.2.3'"),
            ("!release.version:>1.2.3", "release.version <= '1.2.3'"),
            ("a:\"b c\"", "a = 'b c'"),
            ("a:>\"b c\"", "a = '>b c'"),
            ("a:\"123\"", "a = '123'"),
            ("a:b\\\"c", "a = 'b\"c'"),
            ("a:\"x\\\\y\"", "a = 'x\\\\y'"),
            ("a:\\\"b", "a = '\"b'"),
            ("timestamp:hello", "! invalid_date"),
            ("timestamp:\"2018-01-01\"", "! invalid_date"),
            ("stack.in_app:\"true\"", "! invalid_boolean"),
            ("project_id:\"5\"", "! invalid_number"),
        ],
    );
}

#[test]
fn quotes_and_empty_values_are_checked_before_kinds() {
    read_as(
        &plain(),
        &[
            ("url:te\"st", "! bad_quote"),
            ("device.family:\"test", "! bad_quote"),
            ("url:>\"test", "! bad_quote"),
            ("timestamp:te\"st", "! bad_quote"),
            ("device.family:\"\"", "device.family = ''"),
            ("!device.family:\"\"", "device.family != ''"),
            ("device.family:", "! empty_value"),
            ("!a:", "! empty_value"),
            ("a:>", "! empty_value"),
            ("a:!=", "! empty_value"),
            ("a:>\"\"", "a = '>'"),
            ("a: b", "! empty_value"),
            ("a:(b)", "! empty_value"),
            ("a:\tb", "! empty_value"),
            ("timestamp:", "! empty_value"),
            ("project_id:\"\"", "! invalid_number"),
        ],
    );
}

#[test]
fn a_key_of_several_kinds_is_checked_in_order() {
    let mut config = SearchConfig::plain();
    config.boolean_keys.insert("x".into());
    config.numeric_keys.insert("x".into());
    read_as(&config, &[("x:hello", "! invalid_boolean")]);
    config.date_keys.insert("x".into());
    read_as(&config, &[("x:hello", "! invalid_date")]);
}
