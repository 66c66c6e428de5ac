-- Check: each row's running balances are those of the row before, and its own amount (docs/ledger.md, invariant 12).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id || '/' || account_version as what
    from (select account_id, account_version, layer,
                 posted_after - lag(posted_after, 1, 0::bigint) over walk as posted_by,
                 held_after - lag(held_after, 1, 0::bigint) over walk as held_by,
                 case when credit = account_id then amount else -amount end as amount
          from transfer where account_id >> 10 >= 1000
          window walk as (partition by account_id order by account_version)) t
    where posted_by <> case layer when 0 then amount else 0 end
       or held_by <> case layer when 1 then -amount else 0 end
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
