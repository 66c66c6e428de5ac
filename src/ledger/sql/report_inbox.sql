-- Messages that wait for their original or for a person, or whose original never came, oldest first.
-- Parameters: 1 boolean: closed ones too; 2 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, inbox.
-- Locks: none.
select id::text, txn_id::text, lpad(token::text, 9, '0') as token, account_id::text as account,
       nullif(kind, '') as kind, why, case state when 1 then 'open' when 2 then 'joined' when 4 then 'given_up'
       else 'closed' end as state,
       nullif(detail, '') as detail, nullif(request_id, '') as request_id, at, closed_at
from inbox
where $1::boolean or state in (1, 4)
order by inbox.id
limit $2::bigint
