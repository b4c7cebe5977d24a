-- Numbers what records have in common, all labels but users and conversations, so that adding up by labels looks at no texts.
--
-- Where a label is different for each call, such as a tag with the number of a request, that would be as many as there are
-- calls. So there are 250,000 at most, more than a busy service makes in months; who has more of them keeps `label_set`
-- null, and what adds them up looks at their own labels, which takes longer. Of 64 bits, that two of so many
-- have the same is one chance in 600,000,000.
create or replace temp table settling_hashes as
select
    span,
    feature, release,
    coalesce(response_model, request_model, case when record_kind = 'tool' then tool end) as model,
    service, environment, team, region, agent, tool, provider, prompt_name, prompt_version, operation, service_tier,
    record_kind, tags,
    hash(
        feature, release, model, service, environment, team, region, agent, tool, provider,
        prompt_name, prompt_version, operation, service_tier, record_kind, tags
    ) as labels_hash
from settling_records;

insert into label_sets by name
with numbered as (
    select coalesce(max(label_set), -1) as last, count(*) as count
    from label_sets
)
select
    ((select last from numbered) + row_number() over ())::integer as label_set,
    labels_hash,
    first(feature) as feature, first(release) as release, first(model) as model, first(service) as service,
    first(environment) as environment, first(team) as team, first(region) as region, first(agent) as agent,
    first(tool) as tool, first(provider) as provider, first(prompt_name) as prompt_name, first(prompt_version) as prompt_version,
    first(operation) as operation, first(service_tier) as service_tier, first(record_kind) as record_kind, first(tags) as tags
from settling_hashes
anti join label_sets using (labels_hash)
group by labels_hash
limit (select greatest(0, 250000 - count) from numbered);

create or replace temp table settling_labels as
select span, label_set
from settling_hashes
join label_sets using (labels_hash);
