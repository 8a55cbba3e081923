"""Parts of the service, where one file would be too long."""
