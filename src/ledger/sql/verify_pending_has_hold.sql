-- Check: every pending transfer names a hold that is there (docs/ledger.md, invariant 21).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select t.id::text as what
    from transfer t
    left join hold h on (h.account_id, h.txn_id, h.generation) = (t.account_id, t.hold_txn_id, t.hold_generation)
    where t.layer = 1 and h.account_id is null
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
