-- Check: the reversals of a transfer do not exceed it (docs/ledger.md, invariant 25).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select o.id::text as what from transfer o join transfer r on r.reverses = o.id
    group by o.id, o.amount having sum(r.amount) > o.amount
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
