"""模拟提问：questions declared beforehand, asked of drawn accounts, timed, rated by two, confirmed by people."""
