INSERT INTO account_balance (account, month, debit, credit) SELECT account, substr(date, 1, 7), sum(debit), sum(credit) FROM journal_line GROUP BY 1, 2;
INSERT INTO party_balance (party, account, month, debit, credit)
SELECT party, account, substr(date, 1, 7), sum(debit), sum(credit) FROM journal_line WHERE party IS NOT NULL GROUP BY 1, 2, 3;
