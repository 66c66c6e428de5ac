-- An account's posted balance at a moment, for a statement without transfers.
-- Parameters: 1 bigint: account; 2 timestamptz: before, NULL: now.
-- Columns: currency, balance (one row; none: there is no such account).
-- Locks: none.
select a.currency,
       coalesce((select posted_after from transfer
                 where account_id = a.id and ($2::timestamptz is null or at < $2)
                 order by account_version desc limit 1), 0) as balance
from account a
where a.id = $1::bigint and a.kind = 1
