-- Ends a batch without a trace; also after an error.
-- Parameters: none.   Returns: nothing.   Locks: releases all.
ROLLBACK
