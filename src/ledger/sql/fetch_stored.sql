-- Messages that are stored already under the batch's ids, every role, with the answer that was told.
-- Parameters: $1 int8[] TXn_IDs.
-- Returns: txn_id int8, role int2, account_id int8, facts bytea, response text, acknowledged bool,
--          currency int2, posted int8, available int8, approved int8; in (txn_id, role) order.
-- Locks: none.
SELECT m.txn_id, m.role, m.account_id, m.facts, coalesce(t.response, m.response),
       coalesce(t.acknowledged, m.acknowledged), m.currency, m.posted, m.available,
       CASE WHEN t.response IS NULL THEN m.approved_amount ELSE 0 END
FROM message m
LEFT JOIN told t ON t.txn_id = m.txn_id AND t.role = m.role
WHERE m.txn_id = ANY ($1::int8[])
ORDER BY m.txn_id, m.role
