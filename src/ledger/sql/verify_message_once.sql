-- Check: no message is stored twice (docs/ledger.md, invariant 23).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select txn_id || '-' || role as what from message group by txn_id, role having count(*) > 1
)
select (select count(*) from message) as rows, count(*) as violations, min(what) as first from found
