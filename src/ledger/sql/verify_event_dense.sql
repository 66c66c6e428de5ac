-- Check: an account's events are numbered without a gap, in the order of their sequence, up to the account's own count (docs/ledger.md, invariant 31).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select coalesce(o.account_id, a.id) || '/' || coalesce(o.event_version, a.event_version) as what
    from (select account_id, event_version, seq - lag(seq) over walk as step,
                 event_version - lag(event_version, 1, event_version - 1) over walk as distance,
                 max(event_version) over (partition by account_id) as newest
          from outbox window walk as (partition by account_id order by event_version)) o
    full join (select id, event_version from account where event_version > 0) a
      on a.id = o.account_id and a.event_version = o.event_version
    where o.distance <> 1 or o.step <= 0 or o.account_id is null
       or (a.id is null and o.event_version = o.newest)
)
select (select count(*) from outbox) as rows, count(*) as violations, min(what) as first from found
