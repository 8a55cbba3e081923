"""Servers for one machine: PostgreSQL and RabbitMQ, given by address or started privately."""
