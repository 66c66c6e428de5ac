-- Ends a batch: durable, or an error.
-- Parameters: none.   Returns: nothing.   Locks: releases all.
COMMIT
