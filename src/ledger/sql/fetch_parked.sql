-- Messages that may have waited for one of the batch: those that name it and, where no candidate was known when
-- they came (why 2), those that share a trace, link or acquirer reference with it. At most 129 a message, one
-- more than it may find (batch.h, BATCH_PARKED_EACH), so that too many are seen as too many.
-- Parameters: $1 int4[] token, $2 int8[] TXn_ID, $3 int8[] Matching_Txn_ID, $4 int8[] trace key, $5 int8[] trace
--             key of the message, $6 int8[] link key, $7 int8[] acquirer reference key: one element a message,
--             NULL where absent.
-- Returns: account_id int8, id int8, token int4, txn_id int8, role int2, facts bytea, trace_key int8,
--          trace_message_key int8, link_key int8, acquirer_ref_key int8, matching_txn_id int8, why int2; in
--          (account_id, id) order, which is the oldest first.
-- Locks: none.
WITH wanted AS MATERIALIZED (
    SELECT c.account_id, k.*
    FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[])
             AS k (token, txn_id, matching, trace, trace_message, link, acquirer_ref)
    JOIN card c ON c.token = k.token
), found AS (
    SELECT DISTINCT p.id
    FROM wanted w
    CROSS JOIN LATERAL (
        SELECT i.id
        FROM inbox i
        WHERE i.account_id = w.account_id AND i.why IN (2, 3) AND i.state = 1
          AND (i.matching_txn_id = w.txn_id
               OR i.why = 2 AND (i.trace_key IN (w.trace, w.trace_message)
                                 OR i.trace_message_key IN (w.trace, w.trace_message)
                                 OR i.link_key = w.link
                                 OR i.acquirer_ref_key = w.acquirer_ref))
        LIMIT 129) p
)
SELECT i.account_id, i.id, i.token, i.txn_id, i.role, m.facts, i.trace_key, i.trace_message_key, i.link_key,
       i.acquirer_ref_key, i.matching_txn_id, i.why
FROM found f
JOIN inbox i ON i.id = f.id
JOIN message m ON m.txn_id = i.txn_id AND m.role = i.role
ORDER BY i.account_id, i.id
