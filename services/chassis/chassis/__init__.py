"""What every service stands on: borders, database, messages, clocks. No word of the domain lives here."""
