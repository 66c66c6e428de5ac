-- A block of 4,096 ids for transfers and journals.
-- Parameters: none.   Returns: first int8.   Locks: none.
SELECT nextval('ledger_id')
