"""纠错: what the public says is wrong about an account, with a receipt to follow it by; and the answer."""
