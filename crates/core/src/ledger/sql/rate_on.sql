SELECT rate
FROM exchange_rate
WHERE currency = ?1 AND valid_on <= ?2
ORDER BY valid_on DESC
LIMIT 1
