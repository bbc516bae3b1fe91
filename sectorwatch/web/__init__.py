"""The page where readers answer their alerts: it works without scripts, cookies or an account."""
