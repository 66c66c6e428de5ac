-- Cards with what each may spend, by token.
-- Parameters: 1 bigint: of this account, NULL: any; 2 integer: status, NULL: any; 3 integer: token, NULL: any;
--   4 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, card.
-- Locks: none.
select lpad(c.token::text, 9, '0') as token, c.status, c.account_id::text as account, a.currency, a.posted, a.held,
       a.overdraft, a.posted - a.held + a.overdraft as available, a.status as account_status,
       nullif(c.product, 0) as product,
       case when c.expiry > 0 then c.expiry / 100 || '-' || lpad((c.expiry % 100)::text, 2, '0') end as expiry,
       c.added_at
from card c
join account a on a.id = c.account_id
where ($1::bigint is null or c.account_id = $1)
  and ($2::integer is null or c.status = $2)
  and ($3::integer is null or c.token = $3)
order by c.token
limit $4::bigint
