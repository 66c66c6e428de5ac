-- Check: every journal of a customer has its event (docs/ledger.md, invariant 30).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select distinct t.account_id || ' journal ' || t.journal_id as what
    from transfer t left join outbox o on (o.account_id, o.journal_id) = (t.account_id, t.journal_id)
    where o.seq is null and t.account_id >> 10 >= 1000
      and t.at >= coalesce((select min(at) from outbox), '-infinity')
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
