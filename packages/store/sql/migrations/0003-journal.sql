-- 0003: how far the journal has been applied.

-- Written in the transaction that writes the spans themselves, so that each of them is applied once.
create table journal_applied (
    segment               varchar not null,
    bytes                 ubigint not null,   -- from its start, up to which its frames are here
    complete              boolean not null    -- all of it is, and nothing more will be written there
);
