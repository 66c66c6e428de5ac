-- Holds, oldest first; only open ones unless told otherwise.
-- Parameters: 1 integer: token, NULL: any; 2 bigint: account, NULL: any; 3 boolean: closed ones too;
--   4 bigint: payment, NULL: any; 5 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, hold.
-- Locks: none.
select h.txn_id || '-' || h.generation as id, h.txn_id::text, lpad(h.token::text, 9, '0') as token,
       h.account_id::text as account, h.payment::text as payment, h.amount - h.cleared - h.released as amount, h.amount as approved,
       h.cleared, h.released, (h.account_id & 1023)::smallint as currency, h.state, h.opened_at, h.expires_at,
       h.closed_at
from hold h
where ($1::integer is null or (h.token = $1 and h.account_id = (select account_id from card where token = $1)))
  and ($2::bigint is null or h.account_id = $2)
  and ($3::boolean or h.state = 1)
  and ($4::bigint is null or h.payment = $4)
order by h.opened_at, h.account_id, h.txn_id, h.generation
limit $5::bigint
