-- The indices of 0012 answer any beginning of a word already.
SELECT 1;;
