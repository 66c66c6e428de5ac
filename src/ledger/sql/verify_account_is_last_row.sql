-- Check: an account row has the version and balances of its last transfer (docs/ledger.md, invariant 14).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select a.id::text as what
    from account a
    left join lateral (select account_version, posted_after, held_after from transfer
                       where account_id = a.id order by account_version desc limit 1) t on true
    where a.kind = 1
      and (a.version, a.posted, a.held) is distinct from
          (coalesce(t.account_version, 0), coalesce(t.posted_after, 0), coalesce(t.held_after, 0))
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
