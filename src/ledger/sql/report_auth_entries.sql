-- The messages of a payment in the order they came.
-- Parameters: 1 bigint: account; 2 bigint: payment.
-- Columns: as in docs/cli-json.md, authorisation, entries.
-- Locks: none.
select e.n, e.txn_id::text, case e.role when 1 then 'request' when 2 then 'outcome' else 'void' end as role,
       m.kind, m.approved, coalesce(t.response, m.response) as response, m.reason, m.amount,
       nullif(m.currency, 0) as currency, nullif(m.repair, '') as repair, m.at
from entry e
join message m on (m.txn_id, m.role) = (e.txn_id, e.role)
left join told t on (t.txn_id, t.role) = (m.txn_id, m.role)
where e.account_id = $1::bigint and e.payment = $2::bigint
order by e.n
