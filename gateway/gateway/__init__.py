"""All that the internet sees: accounts, sessions, keys, the JSON API. It decides nothing that a service decides."""
