-- Check: no message was refused as a conflict with one of the same content (docs/ledger.md, invariant 24).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select r.txn_id || '-' || r.role as what
    from message_refused r join message m using (txn_id, role) where r.digest = sha256(m.fields)
)
select (select count(*) from message_refused) as rows, count(*) as violations, min(what) as first from found
