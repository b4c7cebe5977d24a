-- 0005: from when on the database keeps what it is given; see docs/retention.md.

-- One row, or none where nothing was ever deleted; null is from the first.
create table if not exists retention (
    spans_from            timestamp,          -- spans that began before are gone, but for traces that went on
    records_from          timestamp           -- calls that began before are gone
);
