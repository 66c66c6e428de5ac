-- Check: time runs forward within an account (docs/ledger.md, invariant 34).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id || '/' || account_version as what
    from (select account_id, account_version, at, lag(at) over (partition by account_id order by account_version) as before
          from transfer where account_id >> 10 >= 1000) t
    where at < before
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
