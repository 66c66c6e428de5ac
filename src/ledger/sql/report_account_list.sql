-- Customers' accounts, by id.
-- Parameters: 1 bigint: this account, NULL: all; 2 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, account.
-- Locks: none.
select a.id::text as account, a.currency, a.status, a.posted, a.held, a.overdraft,
       a.posted - a.held + a.overdraft as available, a.version, a.event_version,
       (select count(*) from card c where c.account_id = a.id) as cards, a.opened_at, a.last_at
from account a
where a.kind = 1 and ($1::bigint is null or a.id = $1)
order by a.id
limit $2::bigint
