"""登记启用: the register of today imported, reconciled, confirmed by each unit, then kept by filings."""
