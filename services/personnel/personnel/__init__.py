"""Personnel: people, their certificates, and the locks that tie them to sites, machines and notices."""
