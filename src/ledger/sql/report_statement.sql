-- An account's posted transfers in the order they were booked, amounts as the customer sees them.
-- Parameters: 1 bigint: account; 2, 3 timestamptz: from (inclusive), to (exclusive), NULL: open;
--   4 bigint: after this version; 5 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, statement, transfers.
-- Locks: none.
select account_version as version, id::text, journal_id::text as journal, at, business_date::text as business_date,
       code, case when credit = account_id then amount else -amount end as amount, currency,
       posted_after as balance,
       case when credit = account_id then debit else credit end::text as counterparty,
       (select name from account a where a.id = case when credit = account_id then debit else credit end) as name,
       hold_txn_id::text as txn_id
from transfer
where account_id = $1::bigint and layer = 0 and account_version > $4::bigint
  and ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
order by account_version
limit $5::bigint
