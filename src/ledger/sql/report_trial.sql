-- The trial balance: debits less credits per currency and layer, by the accounts' own currencies. All 0, or the
-- books are broken.
-- Parameters: none.
-- Columns: currency, layer, sum.
-- Locks: none.
select (account & 1023)::smallint as currency, layer, sum(amount)::bigint as sum
from (select debit as account, layer, amount from transfer
      union all
      select credit, layer, -amount from transfer) as side
group by 1, 2
order by 1, 2
