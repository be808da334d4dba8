"""掌管: who holds an account, with what, until when the certification lasts; handed over by two signatures."""
