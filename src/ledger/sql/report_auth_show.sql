-- One message with everything that is kept of it. Of several with the id, the one that asked comes first.
-- Parameters: 1 bigint: TXn_ID; 2 integer: role, NULL: any.
-- Columns: as in docs/cli-json.md, authorisation, and facts, fields (bytea).
-- Locks: none.
select m.txn_id || '-' || case m.role when 1 then 'request' when 2 then 'outcome' else 'void' end as id,
       m.txn_id::text, lpad(m.token::text, 9, '0') as token, m.account_id::text as account,
       m.payment::text as payment, m.kind, m.is_decision,
       case when m.approved and t.txn_id is null then 'approved'
            when m.is_decision then 'declined' else 'noted' end as decision,
       coalesce(t.response, m.response) as response,
       coalesce(t.acknowledged, m.acknowledged) as acknowledged,
       case when m.approved and t.txn_id is not null then 'untold' else m.reason end as reason,
       m.rule, m.amount, nullif(m.approved_amount, 0) as approved_amount, nullif(m.currency, 0) as currency,
       m.merchant_name as merchant, m.merchant_country as country, nullif(m.mcc, 0) as mcc, m.actor, m.at,
       m.scheme, nullif(m.product, 0) as product, m.journal_id::text as journal,
       m.posted as posted_told, m.available as available_told,
       m.response as response_decided, t.response as response_told, t.at as told_at,
       nullif(m.match_score, -1) as match_score, nullif(m.match_rule, '') as match_rule,
       nullif(m.repair, '') as repair,
       m.request_id, nullif(m.traceparent, '') as traceparent, m.facts, m.fields
from message m
left join told t on (t.txn_id, t.role) = (m.txn_id, m.role)
where m.txn_id = $1::bigint and ($2::integer is null or m.role = $2)
order by m.role
limit 1
