-- Debits and credits of every account and layer; balance is in the account's own sense (a customer's is
-- what we owe it).
-- Parameters: 1 boolean: the customers of a currency in one row.
-- Columns: as in docs/cli-json.md, balances.
-- Locks: none.
with side as (
    select debit as account, layer, amount as debit, 0::bigint as credit from transfer
    union all
    select credit, layer, 0, amount from transfer
), named as (
    select case when $1::boolean and account >> 10 >= 1000 then null else account end as account,
           (account & 1023)::smallint as currency, layer, sum(debit)::bigint as debits, sum(credit)::bigint as credits
    from side
    group by 1, 2, 3
)
select coalesce(n.account::text, 'customers') as account,
       case when n.account is null or n.account >> 10 >= 1000 then 'customer' else a.name end as name,
       n.currency, n.layer, n.debits, n.credits,
       case when coalesce(a.normal, 'C') = 'C' then n.credits - n.debits else n.debits - n.credits end as balance
from named n
left join account a on a.id = n.account
order by n.currency, n.layer, n.account nulls last
