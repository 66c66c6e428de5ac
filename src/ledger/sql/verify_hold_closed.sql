-- Check: nothing was booked on a hold after it was closed (docs/ledger.md, invariant 19).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select t.id::text as what
    from hold h
    join transfer t on (t.account_id, t.hold_txn_id, t.hold_generation) = (h.account_id, h.txn_id, h.generation)
    where t.layer = 1 and t.at > h.closed_at
)
select (select count(*) from hold) as rows, count(*) as violations, min(what) as first from found
