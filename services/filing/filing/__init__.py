"""Filing: organisations, matters and their applications, projects, certificates, bulletins."""
