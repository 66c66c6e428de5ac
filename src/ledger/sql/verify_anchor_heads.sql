-- Check: every head that an anchor names is still in its chain (docs/ledger.md, invariant 29).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select a.id || ' ' || h.lane || '/' || h.batch as what
    from anchor a cross join lateral unnest(a.lanes, a.batches, a.hashes) as h (lane, batch, hash)
    left join chain c on (c.lane, c.batch, c.hash) = (h.lane, h.batch, h.hash)
    where c.lane is null
)
select (select count(*) from anchor) as rows, count(*) as violations, min(what) as first from found
