-- Check: both accounts of a transfer exist (docs/ledger.md, invariant 4).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select t.id::text as what
    from transfer t left join account d on d.id = t.debit left join account c on c.id = t.credit
    where d.id is null or c.id is null
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
