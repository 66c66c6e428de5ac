-- Every payment as a set: its statements in the order they came, then its open holds.
-- Parameters: none.
-- Columns: account_id bigint, payment bigint, n integer (NULL: a hold), facts bytea (of a statement), txn_id bigint
--          (that keys the hold), remaining bigint (of the hold); in (account_id, payment, statements, holds) order.
-- Locks: none.
select e.account_id, e.payment, e.n, m.facts, e.txn_id, 0::bigint as remaining
from entry e
join message m on (m.txn_id, m.role) = (e.txn_id, e.role)
union all
select h.account_id, h.payment, null, null, h.txn_id, h.amount - h.cleared - h.released
from hold h
where h.amount - h.cleared - h.released <> 0
order by 1, 2, 3 nulls last
