"""Pure rules of the business: errors, periods, workdays, money, and what may follow what."""
