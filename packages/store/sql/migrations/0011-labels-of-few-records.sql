-- 0011: the labels of records that have no label set are read from the table that has them. Through the views on records they
-- took three milliseconds to plan, and most questions that compare two times name them twice.

-- The labels that the labels number of a record stands for.
create or replace view record_labels as
select label_set as labels_number, * exclude (label_set, labels_hash)
from label_sets

union all by name

-- Of records that have no label set their own. What makes a call a record is asked again, for else DuckDB takes these rows for
-- many, and joins the other way round.
select
    -1 - rowid as labels_number,
    feature, release,
    coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
    service, environment, team, region, agent, tool, provider, prompt_name, prompt_version, operation, service_tier,
    record_kind, tags
from calls
where label_set is null
    and (record_kind = 'model' or cost_usd is not null)
    and started_at >= compared_since()
    and started_at < compared_until();
