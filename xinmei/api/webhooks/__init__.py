"""推送: programs are told that an act was done, and ask for the rest by the API."""
