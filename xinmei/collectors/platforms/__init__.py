"""公众号 and 微博 by their interfaces: what they show is stored as posts, every attempt as a look."""
