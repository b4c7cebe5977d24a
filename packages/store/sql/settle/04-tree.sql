-- Each span's place in its trace, and which span gives it what it inherits. Filled by a walk through the trees: in
-- SQL each level would read all spans again, and traces may be thousands of levels deep.
create or replace temp table settling_tree (
    span                  integer not null,
    depth                 integer not null,
    top                   integer not null,   -- the root above it
    run                   integer not null,   -- below 0: -1 - the root, or the first of siblings without a parent
    agents                integer not null,
    outer_call            integer,
    own_outer             integer,
    repeats_tool          boolean not null,
    stands_in             boolean not null,   -- for calls that are not there
    feature_of            integer,
    team_of               integer,
    user_of               integer,
    conversation_of       integer,
    agent_of              integer,
    prompt_name_of        integer,
    prompt_version_of     integer,
    tags_of               integer
);

-- Tags of spans below others with tags: both, its own first.
create or replace temp table settling_tags (
    span                  integer not null,
    tags                  map(varchar, varchar) not null
);

-- Requests to models, and calls around them that they are no attempts of: what a tool sends is its own.
create or replace temp table settling_beyond (
    span                  integer not null,
    call                  integer not null
);
