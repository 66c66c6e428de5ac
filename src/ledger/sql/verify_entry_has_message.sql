-- Check: every entry has its message, of the same account, and of the same payment unless it was parked first (docs/ledger.md, invariant 44).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select e.account_id || '/' || e.payment || '/' || e.n as what
    from entry e left join message m on (m.txn_id, m.role) = (e.txn_id, e.role)
    where m.txn_id is null or m.account_id is distinct from e.account_id or m.payment <> e.payment
)
select (select count(*) from entry) as rows, count(*) as violations, min(what) as first from found
