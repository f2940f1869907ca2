SELECT d.number
FROM billing_document d
LEFT JOIN number_issued n ON n.document = d.kind AND n.text = d.number AND n.subject = d.id
WHERE d.state = 'posted' AND n.subject IS NULL
LIMIT 1
