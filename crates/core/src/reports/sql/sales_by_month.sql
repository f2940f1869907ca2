SELECT substr(s.issue_date, 1, 7), count(*),
       CAST(sum(s.sign * (CASE WHEN s.rate = 1000000 THEN s.net ELSE (s.net * s.rate + 500000) / 1000000 END)) AS BIGINT),
       CAST(sum(s.sign * (CASE WHEN s.rate = 1000000 THEN s.tax ELSE (s.tax * s.rate + 500000) / 1000000 END)) AS BIGINT),
       CAST(sum(s.sign * (CASE WHEN s.rate = 1000000 THEN s.gross ELSE (s.gross * s.rate + 500000) / 1000000 END)) AS BIGINT),
       NULL, NULL
FROM (
    SELECT d.id, d.party, d.country, d.issue_date,
           CASE WHEN d.kind = 'invoice' THEN 1 ELSE -1 END AS sign, d.net, d.tax, d.gross, d.exchange_rate AS rate
    FROM billing_document d
    WHERE d.state = 'posted' AND d.issue_date >= ?1 AND d.issue_date <= ?2
) AS s
GROUP BY substr(s.issue_date, 1, 7)
ORDER BY 1
