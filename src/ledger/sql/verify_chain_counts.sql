-- Check: every batch of a chain has its transfers, and every transfer its batch (docs/ledger.md, invariant 28).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select coalesce(c.lane, t.lane) || '/' || coalesce(c.batch, t.batch) as what
    from chain c
    full join (select lane, batch, count(*) as n from transfer group by lane, batch) t using (lane, batch)
    where c.n is distinct from coalesce(t.n, case when c.n = 0 then 0 end)
)
select (select count(*) from chain) as rows, count(*) as violations, min(what) as first from found
