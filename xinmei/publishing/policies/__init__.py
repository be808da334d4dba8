"""政策解读：documents that need explaining, and the posts that explain them."""
