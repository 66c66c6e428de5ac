-- Messages of the batch's accounts that wait for their original, oldest first.
-- Parameters: $1 int4[] tokens.
-- Returns: account_id int8, id int8, token int4, txn_id int8, role int2, facts bytea, trace_key int8,
--          trace_message_key int8, link_key int8, acquirer_ref_key int8, matching_txn_id int8.
-- Locks: none.
SELECT i.account_id, i.id, i.token, i.txn_id, i.role, m.facts, i.trace_key, i.trace_message_key,
       i.link_key, i.acquirer_ref_key, i.matching_txn_id
FROM inbox i
JOIN message m ON m.txn_id = i.txn_id AND m.role = i.role
WHERE i.account_id = ANY (ARRAY(SELECT account_id FROM card WHERE token = ANY ($1::int4[])))
  AND i.why = 2 AND i.state = 1
ORDER BY i.account_id, i.id
LIMIT 4096
