-- Authorisation decisions, newest first, with the answer really sent.
-- Parameters: 1 integer: token, NULL: any; 2 bigint: account, NULL: any; 3 timestamptz: since, NULL: ever;
--   4 bigint: at most so many rows.
-- Columns: as in docs/cli-json.md, authorisation.
-- Locks: none.
select m.txn_id || '-' || case m.role when 1 then 'request' when 2 then 'outcome' else 'void' end as id,
       m.txn_id::text, lpad(m.token::text, 9, '0') as token, m.account_id::text as account,
       m.payment::text as payment, m.kind,
       case when m.approved and t.txn_id is null then 'approved' else 'declined' end as decision,
       coalesce(t.response, m.response) as response,
       case when m.approved and t.txn_id is not null then 'untold' else m.reason end as reason,
       m.amount, nullif(m.approved_amount, 0) as approved_amount, nullif(m.currency, 0) as currency, m.merchant_name as merchant,
       m.merchant_country as country, nullif(m.mcc, 0) as mcc, m.actor, m.at
from message m
left join told t on (t.txn_id, t.role) = (m.txn_id, m.role)
where m.is_decision
  and ($1::integer is null or m.token = $1)
  and ($1::integer is null or m.account_id is null or m.account_id = (select account_id from card where token = $1))
  and ($2::bigint is null or m.account_id = $2)
  and ($3::timestamptz is null or m.at >= $3)
order by m.at desc, m.txn_id desc, m.role
limit $4::bigint
