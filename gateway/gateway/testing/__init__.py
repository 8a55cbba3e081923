"""For tests: somebody who visits a gateway, and rooms that say on the bus what a test has them say."""
