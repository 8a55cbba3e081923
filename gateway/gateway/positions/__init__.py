"""The door for positions: a process of its own that knows a phone by its key and passes on what it sends, unread."""
