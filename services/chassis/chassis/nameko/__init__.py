"""The quarantine: Nameko and eventlet live here, in each `service.py` and each `subscriptions.py`, and nowhere else."""
