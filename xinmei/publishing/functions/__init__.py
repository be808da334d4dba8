"""功能：what an account offers (menus, links, services, downloads), and whether it works."""
